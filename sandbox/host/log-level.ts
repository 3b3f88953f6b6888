import type { HostLog } from './core/core.ts';
import type { LogLevel } from './core/types.ts';

const order: readonly LogLevel[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'];

/** Leaves out what is below `logging.logLevel.default` of host.json; Information by default. */
export function levelFilter(logLevel: Readonly<Record<string, string>>, log: HostLog): HostLog {
  const wanted = (logLevel['default'] ?? 'Information').toLowerCase();
  const least = Math.max(
    0,
    order.findIndex((level) => level === wanted),
  );
  return (level, message) => {
    if (level !== 'none' && order.indexOf(level) >= least) log(level, message);
  };
}
