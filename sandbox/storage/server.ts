import { createRequire } from 'node:module';

/**
 * The child process of `createStorage`: Azurite, with Azurite's own arguments, for as long as its parent lives. The
 * addresses it prints are how the parent learns its ports.
 */
process.once('disconnect', () => {
  process.emit('SIGTERM'); // Azurite writes its state down
  setTimeout(() => process.exit(), 3_000).unref();
});
createRequire(import.meta.url)('azurite/dist/src/azurite.js');
