import { onTestFinished } from 'vitest';
import { createCosmos, type CosmosOptions } from '../../sandbox/cosmos/cosmos.ts';
import { createSandboxContext } from '../../sandbox/kit/context.ts';
import { createCosmosClient } from '../../shared/adapters/cosmos/client.ts';

export const cosmosKey = Buffer.from('a key of the tests, 32 bytes long').toString('base64');

// As the infrastructure declares them: on the message path nothing but `dueAt`, `type` and `open` is indexed.
const containers: CosmosOptions['containers'] = [
  {
    name: 'conversations',
    partitionKey: '/conversationId',
    defaultTtl: -1,
    indexingPolicy: {
      indexingMode: 'consistent',
      includedPaths: [{ path: '/dueAt/?' }, { path: '/type/?' }, { path: '/open/?' }],
      excludedPaths: [{ path: '/*' }],
    },
  },
  { name: 'people', partitionKey: '/id' },
  { name: 'identities', partitionKey: '/id', defaultTtl: -1 },
  { name: 'tokens', partitionKey: '/personId' },
  { name: 'sign-ins', partitionKey: '/id', defaultTtl: -1 },
  { name: 'data-keys', partitionKey: '/id' },
  { name: 'audit', partitionKey: '/stream' },
  { name: 'settings', partitionKey: '/workspace' },
];

/** The stand-in with every container, and our own client of it; `another()` is a second process on the same account. */
export async function startCosmos(options: Partial<CosmosOptions> = {}) {
  const context = createSandboxContext();
  const sandbox = await createCosmos(context, { key: cosmosKey, database: 'adjutant', containers, staleReadMs: 0, ...options });
  const connect = () =>
    createCosmosClient({
      endpoint: sandbox.endpoint,
      key: cosmosKey,
      database: 'adjutant',
      managedIdentityClientId: undefined,
      requestTimeoutMs: 2_000,
    });
  const clients = [connect()];
  onTestFinished(async () => {
    for (const client of clients) client.close();
    context.clock.stop();
    await sandbox.close();
  });
  const [cosmos] = clients as [ReturnType<typeof connect>];
  const another = () => {
    const client = connect();
    clients.push(client);
    return client;
  };
  /** The requests since the last time it was asked, by method and kind of thing: what a turn costs. */
  const requests = () => context.journal.entries('cosmos').map(({ method, path, status }) => ({ method, path, status }));
  return { context, sandbox, cosmos, another, requests };
}

export type StartedCosmos = Awaited<ReturnType<typeof startCosmos>>;
