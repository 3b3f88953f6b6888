import type { Requirement } from '../requirements.ts';

export const adapterRequirements = {
  'adapters:conversations':
    'Conversations keep the contract of their port, in memory and in Cosmos: fenced batches, leases, order, acks, what is overdue.',
  'adapters:cosmos-outcomes':
    'A write to Cosmos whose outcome is unknown is applied once; what was not done is not taken for done.',
  'adapters:cosmos-requests': 'Each step on the message path is one request to Cosmos.',
  'adapters:cosmos-session': 'What was written is read: the client carries session tokens.',
  'adapters:identities': 'Identities keep the contract of their port: the first claim of a name stands, and all are told which.',
  'adapters:wrapped-keys': 'An owner has one data key, and none again once it was dropped.',
  'adapters:people': 'People are saved and found; tokens are written on the version read.',
  'adapters:sign-ins': 'A sign-in is created once, moves on by version and is gone when its time is over.',
  'adapters:audit': 'A line of the audit trail is written once under its key.',
  'adapters:catch-up-mark': 'Since when everything is known to have been read is kept for each workspace.',
  'adapters:clock': 'Sleeping ends on time or when it is aborted; ids and secrets are never twice the same.',
  'adapters:errors': 'Every failure of a vendor is told by a code that says whether a retry can help and whether it may be done.',
  'adapters:identity-timeout':
    'A managed identity that gives no token is given up within a limit of ours, wherever it is asked for one.',
  'adapters:messenger':
    'The WhatsApp bridge keeps the contract of its port with both engines, in requests that its own document allows.',
  'adapters:messenger-failures': 'A failed send says whether it may have been done, and no failure carries a text.',
  'adapters:messenger-old': 'A bridge that does not keep ids of our making is noticed.',
  'adapters:model': 'The model adapter limits the time, repeats what may pass, and falls back on the second model.',
  'adapters:bell': 'A bell names its conversation and nothing else, now or at its time.',
  'adapters:otlp': 'Spans reach a collector with their trace; a collector that fails costs spans, never work.',
  'adapters:calendar': 'Calendars are read in the zone asked for, all pages; an event is booked once by its key.',
  'adapters:directory': 'Profiles, colleagues and mail come from Microsoft Graph with the rights of the person.',
} as const satisfies Record<string, Requirement>;
