import type { Requirement } from '../requirements.ts';

export const fuzzRequirements = {
  'fuzz:webhook': 'Mutated webhook bodies and headers get no 500, no hang and an answer that says why.',
  'fuzz:mcp': 'Mutated MCP requests get no 500, no hang and an answer that says why.',
  'fuzz:sign-in': 'Mutated sign-in callbacks get no 500, no hang and an answer that says why.',
  'fuzz:stand-ins': "Each stand-in's parser takes mutated input without a 500, a hang or growing memory.",
  'fuzz:bites': 'A planted 500, hang or silent refusal is found, and found again by its number.',
  'fuzz:found': 'What the fuzz found stays mended.',
} as const satisfies Record<string, Requirement>;
