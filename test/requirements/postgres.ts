import type { Requirement } from '../requirements.ts';

export const postgresRequirements = {
  'postgres:pool': {
    planned: 'A pg pool of several connections works against it, transactions and errors in prepared statements included.',
  },
  'postgres:checkpointer': {
    planned: 'The LangGraph saver sets up, puts, gets, lists and deletes, with 20 threads in parallel.',
  },
  'postgres:killed-client': { planned: 'A client that dies in mid-transaction is rolled back and blocks nobody.' },
  'postgres:durable': { planned: 'A restart loses nothing, and a second process on the same folder is refused.' },
  'postgres:database-url': { planned: 'DATABASE_URL puts a real PostgreSQL in its place; the suite runs on both.' },
  'storage:queue-and-blob': { planned: 'Azurite serves queues and blobs to the unmodified storage SDKs.' },
} as const satisfies Record<string, Requirement>;
