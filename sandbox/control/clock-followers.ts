import type { EventEmitter } from 'node:events';
import type { SandboxClock } from '../kit/clock.ts';

export interface ClockState {
  /** Another number after each move; a host that asks with it has taken that move over. */
  readonly version: number;
  readonly offsetMs: number;
}

/** One long poll of a host. */
export interface ClockPoll {
  /** The version that the host has. */
  readonly after: number;
  /** Aborted when the host no longer waits. */
  readonly signal: AbortSignal;
  /** Its connection: closed, the host is gone. */
  readonly socket: EventEmitter;
}

/** The hosts that follow the sandbox's clock by long polls. */
export interface ClockFollowers {
  state(): ClockState;
  /** Answers at once where `after` is not the state of now, else at the next move or after a while. */
  poll(poll: ClockPoll): Promise<ClockState>;
  /** Moves the clock; resolves when every host that was waiting has asked again with the new version, or is gone. */
  advance(milliseconds: number): Promise<ClockState>;
  stop(): void;
}

// Shorter than a host's patience.
const longestPollMs = 20_000;
const longestWaitMs = 5_000;

interface Waiting {
  readonly poll: ClockPoll;
  readonly answer: () => void;
}

export function createClockFollowers(clock: SandboxClock, onMove: (offsetMs: number) => void): ClockFollowers {
  // Not from 0: a host that followed an earlier sandbox is not to meet its number again.
  let version = Math.floor(Date.now() / 1_000);
  let lastMove: Promise<unknown> = Promise.resolve();
  let acknowledged: () => void = () => undefined;
  const waiting = new Set<Waiting>();
  const state = (): ClockState => ({ version, offsetMs: clock.offsetMs() });
  const answerAll = () => waiting.forEach(({ answer }) => answer());

  const move = async (milliseconds: number) => {
    const told = [...waiting];
    version += 1;
    clock.advance(milliseconds);
    onMove(clock.offsetMs());
    const taken = untilTaken(told, (listener) => (acknowledged = listener));
    answerAll();
    await taken;
    return state();
  };

  return {
    state,
    async poll(poll) {
      if (poll.after !== version) return state();
      acknowledged();
      await untilAnswered(waiting, poll);
      return state();
    },
    advance(milliseconds) {
      const moving = lastMove.then(() => move(milliseconds));
      lastMove = moving.catch(() => undefined);
      return moving;
    },
    stop: answerAll,
  };
}

function untilAnswered(waiting: Set<Waiting>, poll: ClockPoll): Promise<void> {
  return new Promise((resolve) => {
    const answer = () => {
      clearTimeout(timer);
      poll.signal.removeEventListener('abort', answer);
      waiting.delete(entry);
      resolve();
    };
    const entry = { poll, answer };
    const timer = setTimeout(answer, longestPollMs);
    poll.signal.addEventListener('abort', answer);
    waiting.add(entry);
  });
}

/** Resolves when as many acknowledgements came as hosts were told, or their connections closed. */
function untilTaken(told: readonly Waiting[], onAcknowledged: (listener: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    let missing = told.length;
    const end = () => {
      clearTimeout(timer);
      for (const { poll } of told) poll.socket.off('close', one);
      onAcknowledged(() => undefined);
      resolve();
    };
    const one = () => {
      missing -= 1;
      if (missing <= 0) end();
    };
    const timer = setTimeout(end, longestWaitMs);
    for (const { poll } of told) poll.socket.once('close', one);
    onAcknowledged(one);
    if (missing === 0) end();
  });
}
