import { expect, onTestFinished } from 'vitest';
import { createCosmosConversations } from '../../shared/adapters/cosmos/conversations.ts';
import { ringOverdue } from '../../shared/conversation/ring-overdue.ts';
import { setLogSink, snapshotMetrics, withSpan } from '../../shared/telemetry/index.ts';
import { startCosmos } from '../support/cosmos.ts';
import { createFakeBell } from '../support/fakes/fake-bell.ts';
import { verifies } from '../verifies.ts';

const gauge = (name: string) => {
  const points = snapshotMetrics().metrics.find((metric) => metric.name === name)?.points ?? [];
  return points.map((point) => ('value' in point ? point.value : undefined));
};

verifies(
  'telemetry:metrics',
  'how much is due, and for how long, is seen by the timer that rings for it, at one count of its own',
  async () => {
    onTestFinished(setLogSink(() => undefined));
    const { context, cosmos } = await startCosmos();
    const conversations = createCosmosConversations(cosmos);
    const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
    const look = (isPaused = false) =>
      withSpan('ring-overdue', {}, () =>
        ringOverdue(
          { bell: createFakeBell(), clock, conversations },
          { workspace: 'acme', isPaused: () => Promise.resolve(isPaused) },
        ),
      );
    const store = (conversationId: string, id: string, secondsDue: number) => {
      const dueAt = Date.now() - secondsDue * 1_000;
      const times = { sentAt: dueAt, arrivedAt: dueAt, dueAt };
      return conversations.storeMessage({
        workspace: 'acme',
        conversationId,
        id,
        type: 'message',
        kind: 'text',
        sealed: '',
        ...times,
      });
    };

    await look();
    const quiet = [gauge('adjutant.due.conversations'), gauge('adjutant.due.age'), gauge('adjutant.due.depth')];
    await store('acme:a', 'm1', 90);
    await store('acme:a', 'm2', 80);
    await store('acme:b', 'm3', 70);
    await store('acme:c', 'm4', 1);
    const before = context.journal.entries('cosmos').length;
    await look();
    const requests = context.journal.entries('cosmos').length - before;
    const depth = [gauge('adjutant.due.depth')];
    await store('acme:d', 'm5', 95);
    await look(true);
    depth.push(gauge('adjutant.due.depth'));

    expect(quiet).toEqual([[0], [0], [0]]);
    expect(depth).toEqual([[4], [5]]);
    expect(gauge('adjutant.due.conversations')).toEqual([2]);
    expect(gauge('adjutant.due.age')[0]).toBeGreaterThanOrEqual(90);
    expect(gauge('adjutant.due.age')[0]).toBeLessThan(120);
    expect(requests).toBeLessThanOrEqual(4);
  },
);
