import { expect } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { tellInstant } from '../../../shared/core/time.ts';
import { defineTool } from '../../../shared/tools/define-tool.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { createLife } from './life.ts';
import { startWorld, type World } from './world.ts';

const minute = 60_000;
const away = new AppError('upstream', 'It is away', { vendor: 'msgraph', maybeDone: true });
const question =
  'You wrote that a while ago, so I ask first. Shall I?\n• Book: Review\nAnswer “yes” and I do exactly this, or “no” to leave it.';

/** A message that waited before anybody worked on it. */
async function startWaited(waited: number, text = 'Book a review'): Promise<World> {
  const world = await startWorld();
  world.ports.model.always(({ items }) =>
    items.at(-1)?.kind === 'user'
      ? asksFor(['list_bookings', {}], ['book', { subject: 'Review' }])
      : { text: 'Here is what I found:' },
  );
  await world.say(text);
  world.clock.advance(waited);
  return world;
}

verifies('limits:waited', 'within 15 minutes a write is done; after them it is proposed, and reads are done', async () => {
  const [young, old] = [await startWaited(14 * minute), await startWaited(16 * minute)];

  await young.run();
  await old.run();

  expect(young.bookings.booked).toHaveLength(1);
  expect(old.bookings.booked).toEqual([]);
  expect(old.shown()).toEqual([`Here is what I found:\n\n${question}`]);
  const results = old.ports.model.requests[1]?.items.flatMap((item) => (item.kind === 'result' ? [item.output] : []));
  expect(results).toEqual(['{"subjects":[]}', expect.stringContaining('"status":"proposed"')]);
  expect(old.documents('approval')).toMatchObject([{ open: true, tools: ['book'] }]);
});

verifies('limits:waited', 'a yes does exactly what was proposed, once, without asking the model for it', async () => {
  const world = await startWaited(20 * minute);
  await world.run();
  world.ports.model.always({ text: 'There you are.' });
  await world.say('Yes!');
  await world.run();
  await world.say('yes');
  await world.run();

  expect(world.bookings.booked.map(({ subject }) => subject)).toEqual(['Review']);
  expect(world.shown().slice(1)).toEqual(['There you are.\n\n✓ Booked: Review', 'There you are.']);
  expect(world.unfinished()).toEqual([]);
});

verifies('limits:waited', 'a no leaves it, and another message decides nothing', async () => {
  const world = await startWaited(20 * minute);
  await world.run();
  world.ports.model.always({ text: 'All right.' });
  await world.say('Who am I?');
  await world.run();
  const open = world.documents('approval').map((approval) => approval.open);
  await world.say('no');
  await world.run();
  await world.say('yes');
  await world.run();

  expect(open).toEqual([true]);
  expect(world.documents('approval').map((approval) => approval.open)).toEqual([false]);
  expect(world.shown().slice(1)).toEqual(['All right.', 'All right, I leave it.', 'All right.']);
  expect(world.bookings.booked).toEqual([]);
});

verifies('limits:waited', 'once the talk has gone on, a bare yes is to that, and the question is put again', async () => {
  const world = await startWaited(20 * minute);
  await world.run();
  world.ports.model.always({ text: 'Shall I tell you more?' });
  world.clock.advance(minute);
  await world.say('Who am I?');
  await world.run();
  world.clock.advance(minute);
  await world.say('ok');
  await world.run();
  const again = world.shown().at(-1) ?? '';
  const booked = [...world.bookings.booked];
  const [, number = ''] = /• Book: Review\nAnswer “yes (\d{3})”/.exec(again) ?? [];
  await world.say(`yes ${number}`);
  await world.run();

  expect(booked).toEqual([]);
  expect(again).toContain(`“yes ${number}”`);
  expect(world.bookings.booked.map(({ subject }) => subject)).toEqual(['Review']);
});

verifies('limits:waited', 'a yes that came after its hour, or waited itself, does nothing yet', async () => {
  const [late, slow] = [await startWaited(20 * minute), await startWaited(20 * minute)];
  await late.run();
  late.clock.advance(61 * minute);
  late.ports.model.always({ text: 'What do you mean?' });
  await late.say('yes');
  await late.run();
  await slow.run();
  await slow.say('yes');
  slow.clock.advance(20 * minute);
  await slow.run();
  const asked = slow.shown().at(-1);
  await slow.say('yes');
  await slow.run();

  expect(late.shown().at(-1)).toBe('What do you mean?');
  expect(late.bookings.booked).toEqual([]);
  expect(asked).toContain('Your answer took a while to reach me. Do you still want this?\n• Book: Review');
  expect(slow.bookings.booked).toHaveLength(1);
});

verifies('limits:waited', 'where several things wait, a yes must say which', async () => {
  const world = await startWaited(20 * minute);
  await world.run();
  world.ports.model.always(({ items }) =>
    items.at(-1)?.kind === 'user' ? asksFor(['book', { subject: 'Offsite' }]) : { text: 'Here:' },
  );
  await world.say('Book an offsite');
  world.clock.advance(20 * minute);
  await world.run();
  world.ports.model.always({ text: 'There you are.' });
  await world.say('yes');
  await world.run();
  const which = world.shown().at(-1);
  const [, offsite = ''] = /• Book: Offsite\nAnswer “yes (\d{3})”/.exec(which ?? '') ?? [];
  await world.say(`yes ${offsite}`);
  await world.run();

  expect(which).toMatch(/^Say it with its number, so that I do the one you mean:\n\n• Book: Review\nAnswer “yes \d{3}”/);
  expect(world.bookings.booked.map(({ subject }) => subject)).toEqual(['Offsite']);
});

for (const how of ['before', 'after', 'late', 'lost'] as const) {
  verifies('limits:waited', `a worker lost at any call of a yes (${how}): done once, told once`, async () => {
    for (let at = 1; ; at += 1) {
      const world = await startWaited(20 * minute);
      await world.run();
      world.ports.model.always({ text: 'There you are.' });
      await world.say('yes');
      const life = createLife(world.clock, { at, how, error: away });

      await world.run([life]);

      if (life.struck() === undefined) {
        expect(at).toBeGreaterThan(8);
        return;
      }
      expect(world.bookings.booked, life.struck()).toHaveLength(1);
      const answers = world.shown().filter((text) => !text.startsWith('I cannot reach'));
      expect(answers.slice(1), life.struck()).toEqual(['There you are.\n\n✓ Booked: Review']);
      expect(world.unfinished(), life.struck()).toEqual([]);
    }
  });
}

verifies(
  'limits:too-late',
  'after six hours a message is answered with an apology and asked for again, and recorded',
  async () => {
    const world = await startWaited(6 * 60 * minute + 1_000);

    await world.run();

    expect(world.ports.model.requests).toEqual([]);
    expect(world.shown()).toEqual([
      'Sorry, I could not do that. It reached me too late to act on it: please send it again if you still want it. It is noted, and somebody can look into it.',
    ]);
    expect(world.documents('failure')).toMatchObject([{ reason: 'too-late' }]);
  },
);

verifies('limits:turn-budget', 'a turn that cost its share of tokens gets no more tools and is told to answer', async () => {
  const world = await startWorld({ settings: { maxTurnTokens: 1_000 } });
  const { model } = world.ports;
  model.always(({ tools }) =>
    tools.length === 0
      ? { text: 'That is all I have.' }
      : { ...asksFor(['list_bookings', {}]), usage: { inputTokens: 350, outputTokens: 50 } },
  );
  await world.say('List for ever');

  await world.run();

  expect(model.requests.map(({ tools }) => tools.length > 0)).toEqual([true, true, true, false]);
  expect(model.requests.at(-1)?.instructions).toContain('No more tools may be called in this turn');
  expect(world.shown()).toEqual(['That is all I have.']);
});

verifies('limits:own-time', 'what "tomorrow" and "in two hours" mean is judged by when the person wrote', async () => {
  const seen: number[] = [];
  const clockTool = defineTool({
    name: 'tell_now',
    description: 'Tells the time a call is judged by.',
    role: 'user',
    effect: 'read',
    input: z.object({}),
    output: z.object({ now: z.number() }),
    run: (_input, { now }) => Promise.resolve({ now: seen.push(now) }),
  });
  const world = await startWorld({ moreTools: [clockTool] });
  const wroteAt = world.clock.now();
  world.ports.model.next(asksFor(['tell_now', {}]), { text: 'All right.' });
  await world.say('What is in two hours?');
  world.clock.advance(9 * minute);

  await world.run();

  expect(seen).toEqual([wroteAt]);
  const { iso } = tellInstant(wroteAt, 'Europe/Lisbon');
  expect(world.ports.model.requests.map(({ instructions }) => instructions.includes(`Now: ${iso}`))).toEqual([true, true]);
});
