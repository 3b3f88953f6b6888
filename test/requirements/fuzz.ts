import type { Requirement } from '../requirements.ts';

export const fuzzRequirements = {
  'fuzz:webhook': { planned: 'Mutated webhook bodies and headers get no 500, no hang and an answer that says why.' },
  'fuzz:mcp': { planned: 'Mutated MCP requests get no 500, no hang and an answer that says why.' },
  'fuzz:sign-in': { planned: 'Mutated sign-in callbacks get no 500, no hang and an answer that says why.' },
  'fuzz:stand-ins': { planned: "Each stand-in's parser takes mutated input without a 500, a hang or growing memory." },
} as const satisfies Record<string, Requirement>;
