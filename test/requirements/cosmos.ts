import type { Requirement } from '../requirements.ts';

export const cosmosRequirements = {
  'cosmos:crud':
    'The unmodified client creates, reads, replaces, upserts and deletes with ETags; 409, 404 and 412 as the real service.',
  'cosmos:patch': 'Patch applies its operations, with a condition (412 when it does not hold).',
  'cosmos:batch': 'A transactional batch is all or nothing, with conditional patches in it, at most 100 operations and 2 MB.',
  'cosmos:query': 'Parameterised queries filter, order, page and aggregate; what is not played is refused by name.',
  'cosmos:index': 'ORDER BY is served from an index of the container or refused.',
  'cosmos:partition': 'A query with a partition key sees that partition alone.',
  'cosmos:ttl': 'A document is gone once its TTL has passed, by its own ttl or the container default.',
  'cosmos:session-token': 'A read without a session token may be a moment old; with one it sees its own writes.',
  'cosmos:request-charge': 'Answers carry a request charge near the real one.',
  'cosmos:auth': 'A request with a wrong signature is refused.',
  'cosmos:containers': 'Databases and containers are created, read, redefined and deleted over the API.',
  'cosmos:durable': 'A restart loses nothing.',
  'cosmos:faults': 'On demand it answers 429 with a retry-after, 449, 412 and 503, before or after doing what it was asked.',
} as const satisfies Record<string, Requirement>;
