import { expect, vi } from 'vitest';
import { textOf } from '../../chaos/messages.ts';
import { runTimer } from '../../chaos/load.ts';
import { until } from '../../chaos/world.ts';
import { verifies } from '../verifies.ts';
import { useWorld } from './chaos-world.ts';

vi.setConfig({ testTimeout: 180_000 });

const { world, write, expectSound } = useWorld({ people: 10 });
const faults = () => world().sandbox.context.faults;
const webhook = { method: 'WEBHOOK', path: 'message' };
const sendText = { method: 'POST', path: '/api/sendText' };

verifies('chaos:waha', 'repeats, twins, another order, a cut connection, one an hour late and one that never comes', async () => {
  const { sandbox } = world();
  await runTimer(world(), 'catch-up');
  // From now on it knows how far it read: the first time it looks back half an hour.
  await until(() => sandbox.cosmos.documents('settings').some(({ id }) => id === 'catch-up'), 20_000);

  write(['arrange'], { duplicate: true });
  write(['both'], { twins: true });
  faults().add({ vendor: 'waha', match: webhook, effect: 'delay', delayMs: 900 });
  write(['talk', 'arrange'], { person: 2 }); // the first comes after the second
  faults().add({ vendor: 'waha', match: webhook, effect: 'answer-after-doing', times: 2 });
  write(['arrange', 'look']);
  const [late] = write(['arrange'], { holdMs: 3_600_000 });
  const [lost] = write(['both'], { deliver: false });
  await until(
    () =>
      world()
        .typed.filter(({ id }) => id !== late?.id && id !== lost?.id)
        .every(world().isAnswered),
    30_000,
  );
  await sandbox.advanceClock(3_700);

  await expectSound();
  expect([late, lost].map((message) => message && world().isAnswered(message))).toEqual([true, true]);
  const deliveries = sandbox.waha.deliveries().filter(({ event }) => event === 'message');
  expect(deliveries.filter(({ messageId }) => messageId === lost?.id)).toEqual([]);
  expect(deliveries.filter(({ attempts }) => attempts > 1).length).toBeGreaterThanOrEqual(2);
});

verifies('chaos:waha', 'sends that are refused, fail after they were sent or find no session', async () => {
  for (const status of [500, 502, 422]) faults().add({ vendor: 'waha', match: sendText, effect: 'answer', status });
  faults().add({ vendor: 'waha', match: sendText, effect: 'answer-after-doing', status: 500 });
  faults().add({ vendor: 'waha', match: sendText, effect: 'answer-after-doing' });
  faults().add({ vendor: 'waha', match: sendText, effect: 'answer-after-doing', delayMs: 4_000 }); // timed out after it was sent
  faults().add({ vendor: 'waha', match: sendText, effect: 'hang', delayMs: 4_000 });
  faults().add({ vendor: 'waha', match: sendText, effect: 'delay', delayMs: 3_500 }); // sent after we gave up

  write(['talk', 'arrange', 'look', 'both', 'story', 'arrange', 'talk', 'look', 'talk']);
  await expectSound();
});

verifies('chaos:waha', 'a session that is away for ten minutes loses nothing', async () => {
  const { sandbox } = world();
  faults().add({ vendor: 'openai', match: { path: '/responses' }, effect: 'delay', delayMs: 1_000, times: 2 });
  write(['arrange', 'talk']); // answered while the session is away
  await until(() => sandbox.context.journal.entries('openai').length > 0, 5_000);

  sandbox.waha.setSessionStatus('FAILED');
  write(['arrange', 'look', 'talk']); // written while it is away
  await sandbox.advanceClock(600);
  sandbox.waha.setSessionStatus('WORKING');

  await expectSound();
});

verifies('chaos:broker', 'locks lost while the worker runs on, and bells that come again', async () => {
  faults().add({ vendor: 'servicebus', match: { method: 'RECEIVE' }, effect: 'lose-lock', times: 4 });
  faults().add({ vendor: 'servicebus', match: { method: 'RECEIVE' }, effect: 'duplicate', times: 2 });
  faults().add({ vendor: 'servicebus', match: { method: 'COMPLETE' }, effect: 'drop', times: 2 });
  faults().add({ vendor: 'openai', match: { path: '/responses' }, effect: 'delay', delayMs: 1_500, times: 4 });

  write(['arrange', 'both', 'look', 'arrange', 'story', 'talk']);

  await expectSound();
});

verifies('chaos:broker', 'every bell lost for ten minutes', async () => {
  const { sandbox } = world();
  for (const method of ['SEND', 'SCHEDULE'])
    faults().add({ vendor: 'servicebus', match: { method }, effect: 'answer', status: 200, times: 10_000 });

  const typed = write(['arrange', 'both', 'look', 'talk']);
  await sandbox.waitUntilIdle(10_000);
  await sandbox.advanceClock(600);
  expect(typed.filter(world().isAnswered)).toEqual([]);
  faults().clear();

  await expectSound();
});

verifies('chaos:webhook-down', 'with the store or the queue down WAHA hears 503, and nothing is lost', async () => {
  const { sandbox } = world();
  const answered = (id: string) => sandbox.waha.deliveries().find(({ messageId }) => messageId === id)?.answered;
  const inbox = { method: 'POST', path: '/colls/conversations/docs' };

  faults().add({ vendor: 'cosmos', match: inbox, effect: 'answer', status: 503, times: 10_000 });
  const [withoutStore] = write(['arrange']);
  expect(await until(() => answered(withoutStore?.id ?? '') === 503, 10_000)).toBe(true);
  faults().clear();
  faults().add({ vendor: 'servicebus', match: { method: 'SEND' }, effect: 'answer', status: 503, times: 10_000 });
  const [withoutQueue] = write(['both']);
  expect(await until(() => answered(withoutQueue?.id ?? '') === 503, 10_000)).toBe(true);
  faults().clear();

  await expectSound();
  expect([withoutStore, withoutQueue].map((message) => answered(message?.id ?? ''))).toEqual([202, 202]);
});

verifies('chaos:recycled-number', async () => {
  const { sandbox, crowd } = world();
  const phone = crowd[9]?.phone ?? '';
  faults().add({ vendor: 'waha', match: sendText, effect: 'answer', status: 503, times: 10_000 });
  const id = sandbox.waha.receive({ from: phone, text: textOf({ kind: 'arrange', tag: 'm999999' }) }).id;
  const formerly = `${crowd[9]?.lid ?? ''}@lid`;
  await until(() => sandbox.context.journal.entries('waha').some(({ body }) => body.includes('m999999')), 10_000);

  const handedOverAt = sandbox.context.clock.now();
  sandbox.waha.setPerson({ phone, lid: '161803398874989', name: 'Somebody New' });
  const hello = sandbox.waha.receive({ from: phone, text: 'Hello' }).id;
  faults().clear();
  await until(() => sandbox.waha.chat(phone, hello).length > 0, 30_000);
  await sandbox.advanceClock(1_200);
  await sandbox.waitUntilIdle(30_000);

  const shown = sandbox.waha.chat(phone, id).filter(({ fromMe }) => !fromMe);
  expect(shown.map(({ text }) => text)).toEqual([expect.stringContaining('/api/sign-in/')]);
  expect(shown[0]?.text).not.toMatch(/casey|m999999/i);
  // Their own answer may reach the former owner, whom the lid still names; what the new one is told may not.
  const toFormer = sandbox.context.journal
    .entries('waha')
    .filter(({ at, path, body }) => Date.parse(at) >= handedOverAt && path === '/api/sendText' && body.includes(formerly));
  expect(toFormer.filter(({ body }) => !body.includes('m999999'))).toEqual([]);
});
