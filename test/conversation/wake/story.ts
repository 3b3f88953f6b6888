import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import type { ModelRequest } from '../../../shared/ports/model.ts';
import type { Settling } from '../../support/fakes/fake-bookings.ts';
import { asksFor, linesOf } from '../../support/fakes/fake-model.ts';
import { createLife, type Fate } from './life.ts';
import { startWorld, type World } from './world.ts';

/** One conversation, and what befalls its workers. */
export interface Story {
  readonly settling?: Settling;
  /** Of the processes that work, one after the other; the one after them lives on. */
  readonly fates: readonly Fate[];
  /** Something else is said as soon as the first worker is gone. */
  readonly interrupted?: boolean;
  /** The bell of a dead worker does not come again. */
  readonly losesBells?: boolean;
  /** Which questions to the model find it away: the first, say. */
  readonly modelAwayAt?: readonly number[];
  /** How many bookings are asked for, one after the other. */
  readonly bookings?: number;
}

export interface Ending {
  readonly world: World;
  readonly story: Story;
  /** The calls that the fates struck. */
  readonly struck: readonly (string | undefined)[];
}

/** A model that asks for each booking in other words and under another id each time; then it words the results. */
function forgetfulModel(bookings: number, awayAt: readonly number[]) {
  let [asked, questions] = [0, 0];
  return ({ tools, ...request }: ModelRequest) => {
    questions += 1;
    if (awayAt.includes(questions)) return new AppError('upstream', 'The model is away', { vendor: 'openai' });
    const lines = linesOf({ tools, ...request });
    const said = lines.slice(lines.findLastIndex((line) => line.startsWith('assistant:')) + 1);
    const done = said.filter((line) => line === 'call: book').length;
    if (!said.some((line) => line.includes('Book a review'))) return { text: 'You are Ana.' };
    if (done >= bookings) return { text: 'Here is what happened:' };
    asked += 1;
    return asksFor(['book', { subject: `Review (take ${asked})` }, `call_${asked}`], ['list_bookings', {}, `list_${asked}`]);
  };
}

/** Plays a story until the conversation is quiet. */
export async function play(story: Story): Promise<Ending> {
  const { fates, settling = 'look-up', losesBells = false } = story;
  const world = await startWorld({ settling });
  const { clock, ports } = world;
  ports.model.always(forgetfulModel(story.bookings ?? 1, story.modelAwayAt ?? []));
  const errorOf = ({ how }: Fate) =>
    new AppError('upstream', 'The answer is an error', { vendor: 'msgraph', maybeDone: how !== 'refused' });
  const lives = fates.map((fate) => createLife(clock, { ...fate, error: errorOf(fate) }));
  await world.say('Book a review');
  if (story.interrupted) {
    await world.run(lives.slice(0, 1), { losesBells, until: clock.now() });
    await world.say('And who am I?');
  }
  await world.run(
    lives.filter((life) => life.struck() === undefined),
    { losesBells },
  );
  for (let times = 0; losesBells && times < 10 && (await world.ringOverdue()) > 0; times += 1) await world.run();
  // Whatever was on its way for longer than anybody worked has landed by now.
  clock.advance(60_000);
  await new Promise((resolve) => setImmediate(resolve));
  return { world, story, struck: lives.map((life) => life.struck()) };
}

/** What holds however a story went: one write, one answer, nothing lost, nothing left over. */
export async function expectWell({ world, story, struck }: Ending): Promise<void> {
  const { messenger } = world.ports;
  const ids = messenger.shown.map(({ id }) => id);
  const parked = world.shown().filter((text) => text.startsWith('I cannot reach'));
  const answers = world.shown().filter((text) => !text.startsWith('I cannot reach'));
  const memory = await world.memory();
  const about = struck.map((call, index) => `${story.fates[index]?.how ?? ''} ${call ?? ''}`).join(', then ');
  const said = ['Book a review', ...(story.interrupted ? ['And who am I?'] : [])];

  expect(ids, about).toEqual([...new Set(ids)]);
  expect(parked.length, about).toBeLessThanOrEqual(1);
  expectAnswered({ world, story, struck }, answers.join('\n'), about);
  // Two messages are one turn where the second came before the first was fixed.
  expect(answers.length, about).toBeGreaterThanOrEqual(1);
  expect(answers.length, about).toBeLessThanOrEqual(said.length);
  expect(answers.slice(1), about).toEqual(answers.slice(1).map(() => 'You are Ana.'));
  expect(
    memory.messages.filter(({ role }) => role === 'user').map(({ text }) => text),
    about,
  ).toEqual(said);
  expect(world.unfinished(), about).toEqual([]);
  expect(world.documents('failure'), about).toEqual([]);
  expect(
    world.documents('reply').map(({ state }) => state),
    about,
  ).toEqual(ids.map(() => 'sent'));
  expect(world.lease(), about).toMatchObject({ owner: null, attempts: 0 });
}

/** Each booking is made once and told by its receipt; one that cannot be looked up is at least not made twice. */
function expectAnswered({ world, story }: Ending, answers: string, about: string): void {
  const { booked } = world.bookings;
  const receipts = answers.split('\n').filter((line) => line.startsWith('✓'));
  const unknown = answers.split('\n').filter((line) => line.startsWith('? I cannot tell'));
  const wanted = story.bookings ?? 1;
  if (story.settling === 'never') {
    expect(receipts.length + unknown.length, about).toBe(wanted);
    expect(booked.length, about).toBeLessThanOrEqual(wanted);
    expect(
      booked.map(({ subject }) => `✓ Booked: ${subject}`),
      about,
    ).toEqual(expect.arrayContaining(receipts));
    return;
  }
  expect(receipts, about).toEqual(booked.map(({ subject }) => `✓ Booked: ${subject}`));
  expect(booked.length, about).toBe(wanted);
  expect(unknown, about).toEqual([]);
}

/** Plays a story with the fate at every call that the workers make, one after the other; answers which those were. */
export async function playAtEveryCall(how: Fate['how'], story: Omit<Story, 'fates'>): Promise<string[]> {
  const struck: string[] = [];
  for (;;) {
    const ending = await play({ ...story, fates: [{ at: struck.length + 1, how }] });
    const [call] = ending.struck;
    if (call === undefined) return struck;
    await expectWell(ending);
    struck.push(call);
  }
}
