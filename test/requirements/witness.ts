import type { Requirement } from '../requirements.ts';

export const witnessRequirements = {
  'witness:recorded': {
    planned: 'Every request our adapters send and every answer the stand-ins give is recorded over a test run.',
  },
  'witness:valid': { planned: "What was recorded is validated against the vendors' documents: no violation." },
  'witness:bites': { planned: 'A request or an answer that breaks the document of its vendor is found.' },
  'witness:coverage': { planned: 'The operations and status codes that were seen are listed for each vendor.' },
  'contract:every-port': {
    planned: 'Each port with more than one implementation has one contract suite that runs on each of them.',
  },
} as const satisfies Record<string, Requirement>;
