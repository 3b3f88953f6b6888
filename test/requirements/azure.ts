import type { Requirement } from '../requirements.ts';

export const azureRequirements = {
  'azure:bundle':
    'The Functions host loads one file; it switches the compile cache on, and what is imported lazily is read when first asked for.',
  'azure:webhook-chunk':
    "The metafile of the real build shows that the webhook's path reaches no langgraph, openai, pg or msgraph.",
  'azure:package': 'The package holds what Azure runs and nothing else, and stays under its size.',
  'azure:notices': 'The package names every package of others that is in it, with its licence.',
  'azure:package-runs': 'The sandbox runs the very zip, and the journeys pass on it.',
  'infra:roles':
    'The identity has what the application and the trigger need, each on its queue or container alone; no key or password opens anything.',
  'infra:settings': 'The infrastructure sets every variable that must be set, and the limit of bodies.',
  'infra:key-vault': 'Secrets are references to Key Vault; one that was not resolved is refused at start.',
  'infra:modules': 'The modules fit together, make what the application names, and are of types that Azure describes.',
  'telemetry:application-insights':
    'Application Insights loads beside the first invocation, outside the bundle, drains the recorder, and is off without a connection string.',
  'telemetry:once': 'Nothing is exported twice.',
  'telemetry:one-trace':
    'A turn is one trace from webhook to send, with spans for nodes, model calls with tokens, and tools; a burst and a later send keep to it.',
  'telemetry:metrics':
    'Durations of webhook, wait, turn, model, tool and send, errors by module, count and age of what is due, database pool, memory, CPU, active people, messages and tool use are metrics with names.',
  'telemetry:metrics-documented': 'Every metric has its line in docs/operations.md, with its unit.',
  'telemetry:errors-documented': 'Every error of the log has its line in docs/operations.md: what it means and what to do.',
  'telemetry:bounded': 'What records spans, metrics and people holds a bounded number, and counts what it had to drop.',
  'telemetry:no-personal-data': 'No phone number, name or text is in anything that was exported.',
} as const satisfies Record<string, Requirement>;
