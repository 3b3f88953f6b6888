import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { createPostgres } from '../../../sandbox/postgres/postgres.ts';

// Started by durable.test.ts, which kills it.
const { url } = await createPostgres(createSandboxContext({ directory: process.argv[2] ?? '' }));
process.send?.({ url });
