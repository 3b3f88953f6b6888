import { onTestFinished, vi } from 'vitest';
import { holdLease } from '../../shared/conversation/lease.ts';
import type { Lease } from '../../shared/ports/conversations.ts';
import type { LeaseDocument } from '../../shared/ports/documents.ts';
import { setLogSink } from '../../shared/telemetry/index.ts';
import { messageOf, ref } from '../contract/conversations/implementations.ts';
import { createTestDataKeys } from '../support/data-keys.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { createFakeConversations } from '../support/fakes/fake-conversations.ts';
import { createFakeMessenger } from '../support/fakes/fake-messenger.ts';

export const times = { leaseMs: 20_000, beatMs: 7_000, marginMs: 3_000 };

/** A conversation with one message, its lease held; time moves by `pass` alone. */
export async function startHolding() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const lines: string[] = [];
  onTestFinished(setLogSink((_level, line) => lines.push(line)));
  const clock = createFakeClock();
  const [conversations, messenger] = [createFakeConversations(), createFakeMessenger()];
  await conversations.storeMessage(messageOf('m1'));
  const hold = async (owner: string) => {
    const until = clock.now() + times.leaseMs;
    const taking = await conversations.takeLease(ref, { owner, until, now: clock.now() });
    if (taking.kind !== 'taken') throw new Error(`The lease is ${taking.kind}`);
    const held = holdLease({ conversations, clock }, times, { lease: taking.lease, until });
    onTestFinished(() => held.abandon());
    return held;
  };
  const held = await hold('a'.repeat(32));
  const lease = () => conversations.document(ref, 'lease') as LeaseDocument;
  /** Time passes in small steps, so that clock and timers stay together. */
  const pass = async (milliseconds: number) => {
    for (let left = milliseconds; left > 0; left -= 250) {
      clock.advance(Math.min(left, 250));
      await vi.advanceTimersByTimeAsync(Math.min(left, 250));
    }
  };
  /** Somebody else takes the lease, as after our end. */
  const takeAway = () => {
    const free: Lease = { ...held.lease, attempts: 1 };
    return conversations
      .freeAbandoned({ ...lease(), owner: free.owner, epoch: free.epoch }, 0)
      .then(() => conversations.takeLease(ref, { owner: 'b'.repeat(32), until: clock.now() + 60_000, now: clock.now() }));
  };
  const commits = () => conversations.calls.filter((call) => call === 'commit').length;
  return {
    clock,
    conversations,
    messenger,
    dataKeys: createTestDataKeys(clock),
    held,
    hold,
    lease,
    pass,
    takeAway,
    commits,
    lines,
  };
}
