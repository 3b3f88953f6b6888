import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { runHost } from './start-host.ts';

verifies(['host:refuses', 'host:settings'], 'everything at once, each with its function', async () => {
  const refused = await runHost({ app: 'refused', environment: { AzureFunctionsJobHost__extensions__http__routePrefix: '' } });

  expect(await refused.exited).toBe(1);
  const lines = refused
    .output()
    .split('\n')
    .filter((line) => line.includes('function "'));
  const reasonOf = (name: string) =>
    /:? ([^:]*(?:: [^:]*)?)$/.exec(lines.find((line) => line.includes(`"${name}"`)) ?? '')?.[0] ?? '';
  const reasons = {
    sessions: 'sessions are not played',
    many: "cardinality 'many' is not played",
    settled: 'autoCompleteMessages false is not played',
    sdk: 'sdkBinding is not played',
    topic: 'topics are not played',
    blob: '(blobTrigger): triggers of this type are not played',
    grid: '(eventGridTrigger): triggers of this type are not played',
    cosmos: '(cosmosDBTrigger): triggers of this type are not played',
    mcp: '(mcpToolTrigger): triggers of this type are not played',
    warm: '(warmupTrigger): triggers of this type are not played',
    in: 'extra input bindings are not played',
    out: 'output bindings are not played',
    returns: 'output bindings are not played',
    span: 'is a time span',
    both: 'restricts both day and weekday',
    unset: "'%NOT_SET%' does not resolve to a value: the setting NOT_SET is missing",
    own: "conflicts with one of the host's own",
    constraint: "the route constraint 'odd' is not known",
  };
  for (const [name, reason] of Object.entries(reasons)) expect(reasonOf(name), name).toContain(reason);
  expect(lines).toHaveLength(Object.keys(reasons).length);
});

const bus = 'Endpoint=sb://localhost:1;SharedAccessKeyName=x;SharedAccessKey=y;UseDevelopmentEmulator=true';

verifies('host:refuses', 'what host.json asks of Service Bus and is not played', async () => {
  const refused = await runHost({
    app: 'servicebus',
    environment: { Bus: bus, BELLS: 'bells', AzureFunctionsJobHost__extensions__serviceBus__autoCompleteMessages: 'false' },
  });

  expect(await refused.exited).toBe(1);
  expect(refused.output()).toContain('autoCompleteMessages false of host.json extensions.serviceBus is not played');
});

verifies('host:settings', 'a connection that is not set ends the start, naming function and connection', async () => {
  const refused = await runHost({ app: 'servicebus', environment: { BELLS: 'bells' } });

  expect(await refused.exited).toBe(1);
  expect(refused.output()).toContain('function "bells": the connection \'Bus\' is not set');
});

verifies('host:settings', 'a host.json that cannot be read is explained', async () => {
  const refused = await runHost({ app: 'http', environment: { AzureFunctionsJobHost__functionTimeout: 'soon' } });

  expect(await refused.exited).toBe(1);
  expect(refused.output()).toContain("'soon' is no time span");
});
