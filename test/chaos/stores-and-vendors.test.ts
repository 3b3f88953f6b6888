import pg from 'pg';
import { expect, vi } from 'vitest';
import { fenced, lostLease } from '../../chaos/mischief.ts';
import { turnSteps } from '../../chaos/steps.ts';
import { until } from '../../chaos/world.ts';
import { verifies } from '../verifies.ts';
import { useWorld } from './chaos-world.ts';

vi.setConfig({ testTimeout: 180_000 });

// What Cosmos shows to a read whose token does not cover it is two seconds old.
const { world, write, expectSound } = useWorld({ people: 12, sandbox: { staleReadMs: 2_000 } });
const faults = () => world().sandbox.context.faults;
const responses = { method: 'POST', path: '/responses' };
const events = { method: 'POST', path: '/me/events' };

verifies('chaos:cosmos', 'each step of a turn is answered 429, 449, 412 and 503, or cut off after it was done', async () => {
  const own = turnSteps.filter(({ vendor }) => vendor === 'cosmos');
  const cut = { effect: 'answer-after-doing' } as const;
  const effects = [...[429, 449, 503].map((status) => ({ effect: 'answer', status }) as const), { ...cut, status: 503 }, cut];

  for (const given of effects) {
    for (const { vendor, match } of own) faults().add({ vendor, match, ...given });
    for (let round = 0; round < 4 && faults().left().length > 0; round += 1) {
      write(['arrange', 'both', 'look', 'talk', 'story', 'arrange', 'both', 'look', 'talk', 'arrange', 'both', 'look']);
      await until(() => world().typed.every(world().isAnswered) && faults().left().length === 0, 6_000);
    }
    expect(faults().left()).toEqual([]);
  }
  // A condition that does not hold is said of conditional writes alone, and of a batch in the words of a batch.
  faults().add({ vendor: 'cosmos', match: fenced, ...lostLease, times: 3 });
  for (const path of ['/docs/lease', '/colls/conversations/docs/'])
    faults().add({ vendor: 'cosmos', match: { method: 'PATCH', path }, effect: 'answer', status: 412, times: 2 });
  write(['arrange', 'both', 'look', 'arrange', 'talk']);

  await expectSound();
});

verifies('chaos:postgres', 'connections cut in mid-transaction, commits without an answer, no connection at all', async () => {
  // A turn is stored where it is interrupted.
  faults().add({ vendor: 'msgraph', match: { path: '/me/' }, effect: 'answer', status: 503, times: 24 });
  for (const method of ['INSERT', 'COMMIT', 'BEGIN', 'SELECT'])
    faults().add({ vendor: 'postgres', match: { method }, effect: 'drop' });
  faults().add({ vendor: 'postgres', match: { method: 'COMMIT' }, effect: 'answer-after-doing' });
  faults().add({ vendor: 'postgres', match: { method: 'INSERT' }, effect: 'answer', times: 2 });

  write(['arrange', 'both', 'look', 'arrange', 'talk', 'story', 'both', 'arrange']);

  await expectSound();
});

/** Runs SQL once a turn is parked with all its calls done and a checkpoint stored: it is to go on from there. */
async function onParkedTurn(sql: string[]): Promise<void> {
  const { sandbox, watch } = world();
  const before = watch.seen.get('turn parked') ?? 0;
  const withResults = { ...responses, bodyMatches: 'function_call_output' };
  faults().add({ vendor: 'openai', match: withResults, effect: 'answer', status: 503, times: 1_000 });
  write(['arrange', 'both']);
  expect(await until(() => (watch.seen.get('turn parked') ?? 0) > before, 40_000)).toBe(true);
  const client = new pg.Client({ connectionString: sandbox.environment['DATABASE_URL'] });
  await client.connect();
  const { rows } = await client.query<{ kept: number }>('SELECT count(*)::int AS kept FROM checkpoints');
  expect(rows[0]?.kept).toBeGreaterThan(0);
  for (const statement of sql) await client.query(statement);
  await client.end();
  faults().clear();
}

verifies('chaos:postgres', 'emptied in mid-turn', async () => {
  await onParkedTurn(['TRUNCATE checkpoints, checkpoint_blobs, checkpoint_writes']);

  await expectSound();
});

verifies(
  'chaos:postgres',
  'a checkpoint of another version of the graph, and one of this version that is of no use',
  async () => {
    const tables = ['checkpoints', 'checkpoint_blobs', 'checkpoint_writes'];

    await onParkedTurn(tables.map((table) => `UPDATE ${table} SET thread_id = regexp_replace(thread_id, ':v[0-9]+$', ':v0')`));
    await expectSound();
    await onParkedTurn(["UPDATE checkpoints SET checkpoint = jsonb_set(checkpoint, '{channel_values}', '{}')"]);
    await expectSound();
  },
);

verifies('chaos:msgraph', async () => {
  faults().add({ vendor: 'msgraph', match: events, effect: 'answer', status: 429, retryAfterSeconds: 2 });
  faults().add({ vendor: 'msgraph', match: events, effect: 'answer-after-doing', status: 504, times: 2 });
  faults().add({ vendor: 'msgraph', match: events, effect: 'answer-after-doing' });
  faults().add({ vendor: 'msgraph', match: events, effect: 'answer-after-doing', delayMs: 4_000 }); // done, and never heard of
  faults().add({ vendor: 'msgraph', match: events, effect: 'delay', delayMs: 3_500 }); // done after we gave up

  write(['arrange', 'both', 'arrange', 'arrange', 'both', 'arrange', 'arrange']);

  await expectSound();
});

verifies('chaos:model', async () => {
  faults().add({ vendor: 'openai', match: responses, effect: 'delay', delayMs: 2_000 });
  faults().add({ vendor: 'openai', match: responses, effect: 'answer-after-doing' });
  faults().add({ vendor: 'openai', match: responses, effect: 'hang', delayMs: 6_000 });
  faults().add({ vendor: 'openai', match: responses, effect: 'answer', status: 200, body: {} });
  faults().add({ vendor: 'openai', match: responses, effect: 'answer', status: 429, retryAfterSeconds: 1 });

  write(['oracle', 'clumsy', 'circle', 'boast', 'arrange', 'both', 'oracle', 'circle', 'boast']);

  await expectSound();
});
