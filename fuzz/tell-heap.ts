import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Loaded before a process that is fuzzed: asked by its parent, it collects its garbage and says what is left. */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('message', (message) => {
  if (message !== 'heap') return;
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ kind: 'heap', heapBytes: heapUsed + external, residentBytes: rss });
});
// Only the parent's question is to keep the channel open, not the channel the process.
process.channel?.unref();
process.once('disconnect', () => process.exit());
