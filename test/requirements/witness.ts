import type { Requirement } from '../requirements.ts';

export const witnessRequirements = {
  'witness:recorded': 'Every request our adapters send and every answer the stand-ins give is recorded over a test run.',
  'witness:valid': "What was recorded is validated against the vendors' documents: no violation.",
  'witness:bites': 'A request or an answer that breaks the document of its vendor is found, and fails the run.',
  'witness:coverage': 'The operations and status codes that were seen are listed for each vendor.',
  'contract:every-port': 'Each port with more than one implementation has one contract suite that runs on each of them.',
} as const satisfies Record<string, Requirement>;
