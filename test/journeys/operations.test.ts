import { expect } from 'vitest';
import { verifies } from '../verifies.ts';
import { ana, ben, chloe, dmitri, until, useJourney } from './journey.ts';
import { connectAs } from './mcp-client.ts';

const journey = useJourney();

/** What the assistant said to that phone after that message, at this moment. */
const answersIn = async (phone: string, after: string) =>
  (await journey.shown(phone, after)).filter(({ fromMe }) => !fromMe).map(({ text }) => text);

/** The timer that rings for what is overdue, a minute and more later. */
async function ringOverdue(): Promise<void> {
  await journey.sandbox().advanceClock(70);
  const response = await fetch(`${journey.sandbox().applicationUrl}/admin/functions/ring-overdue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input: '' }),
  });
  expect(response.status).toBe(202);
  await journey.sandbox().waitUntilIdle(30_000);
}

verifies('conversation:replay', 'what a poisoned turn left is listed and replayed by an admin, and answered once', async () => {
  const error = { message: 'refused', type: 'invalid_request_error', param: null, code: 'content_filter' };
  await journey.post('/sandbox/model/script', {
    replies: [{ match: { contains: 'poisonous' }, response: { status: 400, error } }],
  });
  const poisoned = await journey.type(dmitri, 'Who am I, poisonous snake?');
  const told = await journey.answersTo(dmitri, poisoned);

  const listed = (await journey.ask(ana, 'What failed?')).join('\n');
  const id = /• ([0-9a-f]{8}), .*, invalid-input, 1 message$/m.exec(listed)?.[1] ?? '';
  const refused = (await journey.ask(ben, `Replay failure ${id}`)).join('\n');
  const meanwhile = await answersIn(dmitri, poisoned);
  const replayed = (await journey.ask(ana, `Replay failure ${id}`)).join('\n');
  await until(async () => (await answersIn(dmitri, poisoned)).length > 1);
  const again = (await journey.ask(ana, `Replay failure ${id}`)).join('\n');

  expect(told).toEqual([expect.stringContaining('Sorry, I could not do that.')]);
  expect(listed).not.toMatch(/snake|dmitri|volkov|1555/i);
  expect(id).not.toBe('');
  expect(refused).toContain('That I cannot do here.');
  expect(meanwhile).toEqual(told);
  expect(replayed).toContain(`✓ Replayed: failure ${id}, 1 message`);
  expect(again).toContain(`✓ Failure ${id} was replayed before`);
  expect(await journey.answersTo(dmitri, poisoned)).toEqual([...told, expect.stringContaining('Dmitri Volkov')]);
  expect((await journey.ask(ana, 'What failed?')).join('\n')).toContain('replayed');
});

verifies(
  'conversation:pause',
  'while everything is paused messages are kept; the admin resumes, and all are answered',
  async () => {
    const paused = (await journey.ask(ana, 'Pause everything')).join('\n');
    await journey.sandbox().advanceClock(6); // every process has seen it
    const waiting = [
      [ben, await journey.type(ben, 'Who am I?')],
      [chloe, await journey.type(chloe, 'Who am I?')],
    ] as const;
    await journey.sandbox().waitUntilIdle(30_000);
    await ringOverdue();
    const during = await Promise.all(waiting.map(([phone, id]) => answersIn(phone, id)));
    const admin = (await journey.ask(ana, 'Who am I?')).join('\n');

    const resumed = (await journey.ask(ana, 'Resume')).join('\n');
    await journey.sandbox().advanceClock(6);
    await ringOverdue();

    expect(paused).toContain('✓ Paused');
    expect(during).toEqual([[], []]);
    expect(admin).toContain('Ana Ribeiro');
    expect(resumed).toContain('✓ Resumed');
    const answers = await Promise.all(waiting.map(([phone, id]) => journey.answersTo(phone, id)));
    expect(answers).toEqual([[expect.stringContaining('Ben Okafor')], [expect.stringContaining('Chloe Martin')]]);
  },
);

verifies('conversation:pause', 'an admin resumes from outside the chat too', async () => {
  const client = await connectAs(journey, ana);
  // A program pauses nobody: she is asked in her chat, and says so there herself.
  const asked = await client.callTool({ name: 'system_pause', arguments: { idempotencyKey: 'pause-1' } });
  await journey.ask(ana, 'Pause everything');
  await journey.sandbox().advanceClock(6);
  const id = await journey.type(ben, 'Who am I?');
  await journey.sandbox().waitUntilIdle(30_000);
  const during = await answersIn(ben, id);

  const resumed = await client.callTool({ name: 'system_resume', arguments: { idempotencyKey: 'resume-1' } });
  await journey.sandbox().advanceClock(6);
  await ringOverdue();

  expect(asked.structuredContent).toMatchObject({ status: 'confirmation-required' });
  expect(during).toEqual([]);
  expect(resumed.structuredContent).toEqual({ paused: false, changed: true });
  expect(await journey.answersTo(ben, id)).toEqual([expect.stringContaining('Ben Okafor')]);
});
