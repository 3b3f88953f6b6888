import { expect, vi } from 'vitest';
import type { Fault } from '../../sandbox/kit/faults.ts';
import { people } from '../../sandbox/seed/people.ts';
import type { Kind } from '../../chaos/messages.ts';
import { until } from '../../chaos/world.ts';
import { verifies } from '../verifies.ts';
import { useWorld } from './chaos-world.ts';

vi.setConfig({ testTimeout: 180_000 });

const { world, write, expectSound } = useWorld({ people: 10 });
const ana = people[0]?.phone ?? '';

/** What the phone shows of the assistant after that message. */
const answersTo = (phone: string, id: string) =>
  world()
    .sandbox.waha.chat(phone, id)
    .filter(({ fromMe }) => !fromMe)
    .map(({ text }) => text);

verifies('chaos:poison', async () => {
  const { sandbox, crowd } = world();
  await sandbox.onboard(people.filter(({ phone }) => phone === ana));
  const refusal = { status: 400, error: { type: 'invalid_request_error', param: null, code: 'content_filter' } };
  sandbox.openai.script([{ match: { contains: 'poisonous' }, response: refusal }]);
  const ask = async (text: string) => {
    const { id } = sandbox.waha.receive({ from: ana, text });
    await until(() => answersTo(ana, id).length > 0, 30_000);
    return answersTo(ana, id).join('\n');
  };

  const poisoned = crowd[0]?.phone ?? '';
  const { id } = sandbox.waha.receive({ from: poisoned, text: 'This is poisonous' });
  const kinds: readonly Kind[] = ['arrange', 'look', 'talk', 'both', 'arrange', 'look'];
  for (let round = 0; round < 10; round += 1)
    for (const [index, kind] of kinds.entries()) write([kind], { person: 1 + ((round + index) % 9) });
  await until(() => answersTo(poisoned, id).length > 0 && world().typed.every(world().isAnswered), 60_000);
  await expectSound();
  const told = answersTo(poisoned, id);
  const listed = await ask('What failed?');
  const failure = sandbox.cosmos.documents('conversations').find(({ type }) => type === 'failure');
  const [failureId = ''] = /\b[0-9a-f]{8}\b/.exec(listed) ?? [];
  const replayed = await ask(`Replay failure ${failureId}`);
  await until(() => answersTo(poisoned, id).length > 1, 30_000);

  expect(told).toEqual([expect.stringContaining('Sorry, I could not do that.')]);
  expect(failure).toMatchObject({ reason: 'invalid-input' });
  expect(listed).toMatch(/invalid-input, 1 message/);
  expect(replayed).toContain('✓ Replayed');
  expect(answersTo(poisoned, id)).toHaveLength(2);
  expect(answersTo(poisoned, id)[1]).not.toContain('Sorry');
  await expectSound();
});

verifies('chaos:poison', 'a turn that kills its worker each time is given up, beside others that are not', async () => {
  const { sandbox, crowd } = world();
  const poisoned = crowd[0]?.phone ?? '';
  const killing = { vendor: 'openai', match: { path: '/responses', body: 'deadly' }, effect: 'kill-before' } as const;
  sandbox.context.faults.add({ ...killing, times: 4 });

  const { id } = sandbox.waha.receive({ from: poisoned, text: 'This is deadly' });
  // A worker is lost with all that it works on: who is beside it four times is given up as well.
  await until(() => sandbox.context.applications.struck().length > 1, 60_000);
  for (let person = 1; person < 10; person += 1) write(['arrange'], { person });
  await until(() => sandbox.context.faults.left().length === 0, 90_000);
  await expectSound();

  expect(answersTo(poisoned, id)).toEqual([expect.stringContaining('Sorry, I could not do that.')]);
});

const downs: Readonly<Record<string, Pick<Fault, 'vendor' | 'effect' | 'status' | 'match'>>> = {
  'the model': { vendor: 'openai', effect: 'answer', status: 503 },
  'Microsoft Graph': { vendor: 'msgraph', effect: 'answer', status: 503 },
  'Entra, with every token expired': { vendor: 'entra', effect: 'answer', status: 503 },
  WAHA: { vendor: 'waha', match: { path: '/api/' }, effect: 'answer', status: 503 },
  Cosmos: { vendor: 'cosmos', effect: 'answer', status: 503 },
  'Service Bus': { vendor: 'servicebus', effect: 'drop' },
  Postgres: { vendor: 'postgres', effect: 'drop' },
};

for (const [name, down] of Object.entries(downs)) {
  verifies('chaos:vendor-down', `${name}, for an hour`, async () => {
    const { sandbox } = world();
    if (down.vendor === 'entra') await sandbox.advanceClock(2 * 3_600);
    sandbox.context.faults.add({ ...down, times: 1_000_000 });
    const typed = write(['look', 'arrange', 'both']);
    for (let minutes = 0; minutes < 60; minutes += 10) {
      await until(() => sandbox.idle(), 4_000);
      await sandbox.advanceClock(600);
    }
    await until(() => sandbox.idle(), 8_000);
    const shown = typed.filter(({ phone, id, tag }) => answersTo(phone, id).some((text) => text.includes(tag)));
    // Only a turn that goes on needs Postgres.
    expect(shown).toEqual(down.vendor === 'postgres' ? typed : []);
    sandbox.context.faults.clear();

    await expectSound(); // nothing dead-lettered, everything answered
  });
}
