import { enableCompileCache, flushCompileCache } from 'node:module';

// Before anything of ours is compiled. The cache lies in the temporary folder, as the package may be read-only; where that
// cannot be written to there is none, and all else is the same.
enableCompileCache();
await import('../functions/main.ts');

/** For who measures what loading costs. */
export const { application } = await import('../functions/application.ts');

// Kept by then, and not only at an orderly end: a worker that is ended by force finds it when it comes back.
const keptAfterMs = 30_000;
setTimeout(flushCompileCache, keptAfterMs).unref();
