import { expect } from 'vitest';
import type { Change } from '../../../shared/ports/conversations.ts';
import type { FailureDocument, LeaseDocument } from '../../../shared/ports/documents.ts';
import { verifies } from '../../verifies.ts';
import {
  callsOf,
  hold,
  implementations,
  messageOf,
  now,
  ref,
  release,
  startHeld,
  takeAs,
  type Started,
} from './implementations.ts';

const failureOf = (messageIds: readonly string[], more: Partial<FailureDocument> = {}): FailureDocument => ({
  ...{ ...ref, id: 'failure:t1', type: 'failure', turnId: 't1', at: now, reason: 'invalid-input' },
  ...{ messageIds: [...messageIds], run: 0, ttl: 3_600, ...more },
});

/** A turn of two messages that failed for good after its first of two writes, its calls written down. */
async function startFailed(start: () => Promise<Started>, more: { calls?: Parameters<typeof callsOf>[1] } = {}) {
  const started = await startHeld(start, [messageOf('m1'), messageOf('m2', { attempt: 2, reason: 'upstream' }), messageOf('m3')]);
  const ended = ['m1', 'm2'].map((id): Change => ({ kind: 'patch', id, set: { turnId: 't1', ttl: 3_600 }, remove: ['dueAt'] }));
  const calls = callsOf(0, { open: false, ended: true, ttl: 3_600, results: 'ZG9uZQ==', ...more.calls });
  await started.conversations.commit(started.lease, {
    after: release,
    changes: [...ended, { kind: 'create', document: calls }, { kind: 'create', document: failureOf(['m1', 'm2']) }],
    onLease: { ended: 2 },
  });
  const replay = (key: string, run = 0) =>
    started.conversations.replayFailure(ref, { turnId: 't1', run, key, now: now + 60_000 });
  return { ...started, replay };
}

for (const [name, start] of Object.entries(implementations)) {
  verifies(
    ['adapters:conversations', 'conversation:replay'],
    `${name}: exactly the messages of the turn are due again, as another run, and its calls are open as they were`,
    async () => {
      const { conversations, replay, document } = await startFailed(start);
      const waiting = ((await document(ref, 'lease')) as LeaseDocument).waiting ?? 0;

      const outcome = await replay('k1');

      const again = { turnId: 't1', run: 1, dueAt: now + 60_000, replayedAt: now + 60_000 };
      expect(outcome).toBe('replayed');
      expect(await document(ref, 'm1')).toEqual({ ...messageOf('m1'), ...again });
      expect(await document(ref, 'm2')).toEqual({ ...messageOf('m2'), ...again });
      expect(await document(ref, 'm3')).toEqual(messageOf('m3'));
      expect(await document(ref, 't1:0')).toEqual(callsOf(0, { run: 1, results: 'ZG9uZQ==' }));
      expect(await document(ref, 'failure:t1')).toMatchObject({ run: 0, replayedAt: now + 60_000 });
      expect(await document(ref, 'lease')).toMatchObject({ waiting: waiting + 2 });
      const { messages, calls } = await conversations.load(ref);
      expect([messages.map(({ id }) => id).sort(), calls.map(({ id }) => id)]).toEqual([['m1', 'm2', 'm3'], ['t1:0']]);
    },
  );

  verifies(['adapters:conversations', 'conversation:replay'], `${name}: of many at once one replays it, and once`, async () => {
    const { replay, document } = await startFailed(start);

    const outcomes = await Promise.all(['k1', 'k2', 'k3', 'k4'].map((key) => replay(key)));

    expect(outcomes.sort()).toEqual(['already', 'already', 'already', 'replayed']);
    expect(await document(ref, 'lease')).toMatchObject({ waiting: 3 });
  });

  verifies(
    ['adapters:conversations', 'conversation:replay'],
    `${name}: who asks again learns that it was their own`,
    async () => {
      const { replay, document } = await startFailed(start);

      const outcomes = [await replay('k1'), await replay('k1'), await replay('k2')];

      expect(outcomes).toEqual(['replayed', 'replayed', 'already']);
      expect(await document(ref, 'lease')).toMatchObject({ waiting: 3 });
    },
  );

  verifies(
    ['adapters:conversations', 'conversation:replay'],
    `${name}: the failure of the replay is another: it is replayed by its own number alone`,
    async () => {
      const { conversations, replay, document } = await startFailed(start);
      await replay('k1');
      const lease = await takeAs(conversations, 'd'.repeat(32), now + 60_000);
      const ended = ['m1', 'm2'].map((id): Change => ({ kind: 'patch', id, set: { ttl: 3_600 }, remove: ['dueAt'] }));
      const closed: Change = { kind: 'patch', id: 't1:0', set: { open: false, ended: true, ttl: 3_600 } };
      const failed: Change = { kind: 'upsert', document: failureOf(['m1', 'm2'], { run: 1, at: now + 70_000 }) };
      await conversations.commit(lease, { after: release, changes: [...ended, closed, failed] });

      const outcomes = [await replay('k1', 0), await replay('k2', 0), await replay('k3', 1)];

      expect(outcomes).toEqual(['already', 'already', 'replayed']);
      expect(await document(ref, 'm1')).toMatchObject({ run: 2 });
    },
  );

  verifies(
    ['adapters:conversations', 'conversation:replay'],
    `${name}: what is gone, or erased, is not made due again`,
    async () => {
      const { conversations, replay, document } = await startFailed(start);
      const lease = await takeAs(conversations, 'd'.repeat(32));
      await conversations.commit(lease, { after: hold(now + 30_000), changes: [{ kind: 'delete', id: 'm2' }] });
      const withoutOne = await replay('k1');
      const nobody = await conversations.replayFailure(ref, { turnId: 't2', run: 0, key: 'k1', now });
      await conversations.commit(lease, {
        after: release,
        changes: [
          { kind: 'upsert', document: messageOf('m2', { turnId: 't1', ttl: 9 }) },
          { kind: 'patch', id: 'm2', set: {}, remove: ['dueAt'] },
        ],
        onLease: { erased: { state: 'erased', at: now } },
      });

      const erased = await replay('k1');

      expect([withoutOne, nobody, erased]).toEqual(['gone', 'gone', 'gone']);
      expect(await document(ref, 'm1')).not.toHaveProperty('dueAt');
      expect(await document(ref, 'failure:t1')).not.toHaveProperty('replayedAt');
    },
  );

  verifies(
    ['adapters:conversations', 'conversation:replay'],
    `${name}: a turn whose calls are not in the audit trail yet is not replayed now`,
    async () => {
      const { replay, document } = await startFailed(start, { calls: { open: true, dueAt: now } });

      await expect(replay('k1')).rejects.toMatchObject({ code: 'upstream', retryable: true });

      expect(await document(ref, 'm1')).not.toHaveProperty('dueAt');
      expect(await document(ref, 'failure:t1')).not.toHaveProperty('replayedAt');
    },
  );
}
