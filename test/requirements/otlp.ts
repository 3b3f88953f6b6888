import type { Requirement } from '../requirements.ts';

export const otlpRequirements = {
  'otlp:spans': 'The collector takes spans over OTLP/HTTP JSON, refuses what is none, and keeps a bounded number.',
  'otlp:metrics':
    'It takes metrics too, refuses histograms that do not add up, and shows the last state of each series with its percentiles.',
} as const satisfies Record<string, Requirement>;
