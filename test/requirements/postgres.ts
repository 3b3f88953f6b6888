import type { Requirement } from '../requirements.ts';

export const postgresRequirements = {
  'postgres:pool': 'A pg pool of several connections works against it, transactions and errors in prepared statements included.',
  'postgres:checkpointer': 'The LangGraph saver sets up, puts, gets, lists and deletes, with 20 threads in parallel.',
  'postgres:killed-client': 'A client that dies in mid-transaction is rolled back and blocks nobody.',
  'postgres:durable': 'A restart loses nothing, and a second process on the same folder is refused.',
  'postgres:database-url': 'DATABASE_URL puts a real PostgreSQL in its place; the suite runs on both.',
  'postgres:faults': 'On demand it answers errors, delays, hangs, and drops connections before or after the work.',
  'postgres:journal': 'Each connection and each batch of SQL stands in the journal of the sandbox.',
  'postgres:refuses': 'Wrong credentials, and what the one shared session cannot do, are refused in words of PostgreSQL.',
  'postgres:set-up': 'Instances that start together create the tables in turns.',
  'postgres:set-up-silent': 'A database that is silent or away delays the first bells of a process once, and no others.',
  'postgres:sealed':
    'What a turn keeps in its checkpoints is sealed with the key of its conversation: resumed with it, unreadable without.',
  'postgres:threads': 'A thread is one turn of one version of the graph; it is deleted alone, and old ones in batches.',
  'postgres:failures': 'A broken or silent database is an error that says so and may pass, and the pool recovers from it.',
  'postgres:token': 'An Entra token is asked for with each new connection, in place of a password.',
  'storage:queue-and-blob': 'Azurite serves queues and blobs to the unmodified storage SDKs.',
  'storage:faults': 'Faults are played before Azurite, and each request stands in the journal.',
  'storage:durable': 'An orderly restart of the storage account loses nothing.',
} as const satisfies Record<string, Requirement>;
