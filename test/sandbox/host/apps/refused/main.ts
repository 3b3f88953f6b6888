import { app, input, output } from '@azure/functions';

const handler = () => undefined;
const queue = { connection: 'Bus', queueName: 'bells', handler };
const many = {
  sessions: { isSessionsEnabled: true },
  many: { cardinality: 'many' },
  settled: { autoCompleteMessages: false },
  sdk: { sdkBinding: true },
} as const;

for (const [name, options] of Object.entries(many)) app.serviceBusQueue(name, { ...queue, ...options });
app.serviceBusTopic('topic', { connection: 'Bus', topicName: 'a', subscriptionName: 'b', handler });
app.storageBlob('blob', { connection: 'Store', path: 'in/{name}', handler });
app.eventGrid('grid', { handler });
app.cosmosDB('cosmos', { connection: 'Db', databaseName: 'a', containerName: 'b', handler });
app.mcpTool('mcp', { toolName: 'a', description: 'b', toolProperties: [], handler });
app.warmup('warm', { handler });
app.http('in', { extraInputs: [input.storageBlob({ connection: 'Store', path: 'a/b' })], handler: () => ({}) });
app.http('out', { extraOutputs: [output.storageQueue({ connection: 'Store', queueName: 'q' })], handler: () => ({}) });
app.storageQueue('returns', {
  connection: 'Store',
  queueName: 'q',
  return: output.storageQueue({ connection: 'Store', queueName: 'r' }),
  handler,
});
app.timer('span', { schedule: '00:05:00', handler });
app.timer('both', { schedule: '0 0 9 13 * 5', handler });
app.timer('unset', { schedule: '%NOT_SET%', handler });
app.http('own', { route: 'admin/{x}', handler: () => ({}) });
app.http('constraint', { route: 'a/{x:odd}', handler: () => ({}) });
app.timer('fine', { schedule: '0 * * * * *', handler });
