import type { Requirement } from '../requirements.ts';

export const benchRequirements = {
  'cost:flat':
    'The 1,000th turn of a conversation costs what the second did: SQL statements, rows, bytes, Cosmos requests and units, prompt tokens.',
  'cost:ttl': 'The documents of the path expire by TTL.',
  'cost:memory-flat': 'Memory stays flat over many turns in one process.',
  'bench:runs': 'Each number of the README comes from a bench that runs here and compares against its baseline in the same run.',
  'bench:aims':
    'The README tells every number that was asked for beside its baseline and its aim, met or not: webhook, turn, crowd, memory, tokens.',
} as const satisfies Record<string, Requirement>;
