import type { CosmosContainerOptions } from '../cosmos/cosmos.ts';

/** The containers of the application, as its infrastructure makes them; TTL is on, each document says its own. */
export const containers: readonly CosmosContainerOptions[] = [
  { name: 'conversations', partitionKey: '/conversationId' },
  { name: 'people', partitionKey: '/id' },
  { name: 'identities', partitionKey: '/id' },
  { name: 'tokens', partitionKey: '/personId' },
  { name: 'sign-ins', partitionKey: '/id' },
  { name: 'data-keys', partitionKey: '/id' },
  { name: 'audit', partitionKey: '/stream' },
].map((container) => ({ ...container, defaultTtl: -1 }));
