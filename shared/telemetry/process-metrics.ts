import { monitorEventLoopDelay } from 'node:perf_hooks';
import { countActivePeople } from './active-people.ts';
import { observe } from './metrics.ts';

// Long enough for a percentile to mean something; every exporter that asks within it gets the same.
const delayWindowMs = 10_000;
const nanosecondsPerMs = 1e6;

/** Observes the process itself, until it is stopped by what is answered. */
export function observeProcess(): () => void {
  const delays = createDelays();
  const stops = [
    observe('adjutant.people.active', () => countActivePeople()),
    observe('adjutant.process.memory', () => {
      const { rss, heapUsed, external } = process.memoryUsage();
      return Object.entries({ rss, heapUsed, external }).map(([kind, value]) => ({ value, attributes: { kind } }));
    }),
    observe('adjutant.process.cpu', () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    }),
    observe('adjutant.process.event_loop_delay', delays.read),
    delays.stop,
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** By how much the event loop was late in the last ten seconds or so: the 99th percentile, in milliseconds. */
function createDelays() {
  const histogram = monitorEventLoopDelay({ resolution: 20 });
  histogram.enable();
  let read = { at: 0, ms: 0 };
  return {
    read: () => {
      if (performance.now() - read.at < delayWindowMs) return read.ms;
      read = { at: performance.now(), ms: histogram.count === 0 ? 0 : histogram.percentile(99) / nanosecondsPerMs };
      histogram.reset();
      return read.ms;
    },
    stop: () => void histogram.disable(),
  };
}
