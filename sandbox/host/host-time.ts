import { installClock } from './clock.ts';
import type { HostLog } from './core/core.ts';
import { followClock } from './follow-clock.ts';

/** The time of the process: the sandbox's, or real where there is none. */
export interface HostTime {
  /** Called with the time before each move. */
  onMove(listener: (fromMs: number) => void): void;
  stop(): Promise<void>;
}

export async function startTime(clockUrl: string | undefined, log: HostLog): Promise<HostTime> {
  if (clockUrl === undefined) return { onMove: () => undefined, stop: () => Promise.resolve() };
  const clock = installClock();
  let listener: (fromMs: number) => void = () => undefined;
  const onOffset = (offsetMs: number) => {
    const fromMs = Date.now();
    clock.setOffset(offsetMs);
    listener(fromMs);
  };
  const follower = await followClock({ url: clockUrl, onOffset, log });
  return {
    onMove: (given) => void (listener = given),
    async stop() {
      await follower.stop();
      clock.uninstall();
    },
  };
}
