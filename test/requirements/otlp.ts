import type { Requirement } from '../requirements.ts';

export const otlpRequirements = {
  'otlp:spans': 'The collector takes spans over OTLP/HTTP JSON, refuses what is none, and keeps a bounded number.',
} as const satisfies Record<string, Requirement>;
