import type { SandboxClock } from '../kit/clock.ts';

export interface ClockState {
  /** Another number after each move; a host that asks with it has taken that move over. */
  readonly version: number;
  readonly offsetMs: number;
}

/** The hosts that follow the sandbox's clock by long polls. A host is told from another by its connection. */
export interface ClockFollowers {
  state(): ClockState;
  /** Answers at once where `after` is not the state of now, else at the next move or after a while. */
  poll(host: object, after: number, signal: AbortSignal): Promise<ClockState>;
  /** Moves the clock; resolves when every host that follows has said that it knows. */
  advance(milliseconds: number): Promise<ClockState>;
  stop(): void;
}

// Shorter than a host's patience.
const longestPollMs = 20_000;
const longestWaitMs = 5_000;

interface Host {
  acknowledged: number;
  answer: (() => void) | undefined;
}

export function createClockFollowers(clock: SandboxClock, onMove: (offsetMs: number) => void): ClockFollowers {
  // Not from 0: a host that followed an earlier sandbox is not to meet its number again.
  let version = Math.floor(Date.now() / 1_000);
  const hosts = new Map<object, Host>();
  const moved = new Set<() => void>();
  const state = (): ClockState => ({ version, offsetMs: clock.offsetMs() });
  const acknowledged = () => [...hosts.values()].every((host) => host.acknowledged === version);
  const changed = () => moved.forEach((look) => look());
  const forget = (key: object) => {
    hosts.delete(key);
    changed();
  };

  const allAcknowledged = () =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!acknowledged()) return;
        clearTimeout(givingUp);
        moved.delete(look);
        resolve();
      };
      const givingUp = setTimeout(() => {
        moved.delete(look);
        resolve();
      }, longestWaitMs);
      moved.add(look);
      look();
    });

  return {
    state,
    async poll(key, after, signal) {
      const host: Host = hosts.get(key) ?? { acknowledged: after, answer: undefined };
      hosts.set(key, host);
      host.acknowledged = after;
      changed();
      if (after === version) await untilMove(host, signal);
      if (signal.aborted) forget(key);
      return state();
    },
    async advance(milliseconds) {
      version += 1;
      clock.advance(milliseconds);
      onMove(clock.offsetMs());
      for (const host of hosts.values()) host.answer?.();
      await allAcknowledged();
      return state();
    },
    stop() {
      for (const host of hosts.values()) host.answer?.();
      hosts.clear();
      changed();
    },
  };
}

function untilMove(host: Host, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const answer = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', answer);
      host.answer = undefined;
      resolve();
    };
    const timer = setTimeout(answer, longestPollMs);
    signal.addEventListener('abort', answer);
    host.answer = answer;
  });
}
