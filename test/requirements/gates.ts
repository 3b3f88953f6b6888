import type { Requirement } from '../requirements.ts';

export const gateRequirements = {
  'gates:requirements-have-tests':
    'Every requirement is cited by a test or marked as planned, and every citation names a requirement.',
  'gates:layers': 'Who may import whom is enforced, and one planted violation for each rule proves that the rule bites.',
  'gates:caps': 'A file has at most 250 lines, a function 60, three parameters; a planted violation proves it.',
  'gates:no-module-mocks': 'No test mocks a module.',
  'gates:fresh-clone':
    'A fresh clone passes `npm ci && npm test` without the documents beside it; tests that need them say that they skip.',
  'gates:settings-listed': 'local.settings.sample.json lists every variable the configuration reads, and README explains each.',
  'gates:webhook-path-is-light': "The webhook's path reaches neither langgraph, openai, pg nor msgraph.",
} as const satisfies Record<string, Requirement>;
