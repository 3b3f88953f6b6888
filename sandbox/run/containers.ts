import type { CosmosContainerOptions } from '../cosmos/cosmos.ts';

/**
 * The containers of the application, as its infrastructure makes them (infra-bicep/modules/cosmos.bicep): TTL is on, each
 * document says its own; indexed is what is asked for and nothing else.
 */
export const containers: readonly CosmosContainerOptions[] = [
  { name: 'conversations', partitionKey: '/conversationId', indexed: ['/dueAt/?', '/type/?', '/open/?'] },
  { name: 'people', partitionKey: '/id' },
  { name: 'identities', partitionKey: '/id' },
  { name: 'tokens', partitionKey: '/personId' },
  { name: 'sign-ins', partitionKey: '/id' },
  { name: 'data-keys', partitionKey: '/id' },
  { name: 'audit', partitionKey: '/stream' },
  { name: 'settings', partitionKey: '/workspace' },
].map(({ indexed = [], ...container }: { name: string; partitionKey: string; indexed?: readonly string[] }) => ({
  ...container,
  defaultTtl: -1,
  indexingPolicy: { includedPaths: indexed.map((path) => ({ path })), excludedPaths: [{ path: '/*' }] },
}));
