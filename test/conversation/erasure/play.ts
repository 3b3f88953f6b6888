import { expect } from 'vitest';
import type { Fate } from '../wake/life.ts';
import { ref } from '../wake/world.ts';
import { audited, expectErased, fated, startErasing, type Erasing } from './erasing.ts';

/** The steps of an erasure; the calls between them are found by the sweep itself. */
export const steps = [
  'conversations.takeLease',
  'conversations.commit',
  'identities.loadCurrent',
  'identities.change',
  'dataKeys.drop',
  'people.erase',
  'signIns.remove',
  'audit.append',
  'conversations.listIds',
  'messenger.sendText',
];

const erasedLease = (world: Erasing) => world.lease()?.erased !== undefined;

/** One erasure in which a fate strikes; while nobody is at work, old and new messages come. */
async function play(fate: Fate, { losesBells = false } = {}): Promise<{ struck: string | undefined; world: Erasing }> {
  const world = await startErasing({ isBrief: true });
  const { clock, ports } = world;
  await world.hear({ text: 'ERASE EVERYTHING', whatsappId: 'ERASE' });
  const life = fated(world, fate);
  await world.work([life], { losesBells, until: clock.now() + 2_000 });
  const about = `${fate.how} ${life.struck() ?? ''}`;
  const isMarked = erasedLease(world);
  const old = await world.hear({ text: 'ERASE EVERYTHING', whatsappId: 'ERASE', sentAt: clock.now() - 60_000 });
  clock.advance(2_000);
  const during = isMarked ? await world.hear({ text: 'Who am I?', whatsappId: 'NEW' }) : undefined;
  await world.work(life.struck() === undefined ? [life] : [], { losesBells });
  for (let times = 0; losesBells && times < 10 && (await world.ringOverdue()) > 0; times += 1) await world.work();
  // Whatever was on its way for longer than anybody worked has landed by now.
  clock.advance(60_000);
  await new Promise((resolve) => setImmediate(resolve));
  await world.work();
  const again = await world.hear({ text: 'Who am I?', whatsappId: 'NEW', sentAt: clock.now() });
  await world.work();

  expect(isMarked ? old.outcome : 'erased', about).toBe('erased');
  if (during?.outcome === 'stored') expect(during.conversationId, about).not.toBe(ref.conversationId);
  expect(again.outcome, about).toBe(during?.outcome === 'stored' ? 'seen' : 'stored');
  await expectErased(world, about);
  const { conversationId } = again;
  expect(
    ports.conversations.documents({ workspace: 'acme', conversationId }).filter(({ type }) => type === 'message'),
    about,
  ).toHaveLength(1);
  expect(world.shown().slice(-1), about).toEqual(['Please sign in.']);
  expect(
    world.shown().filter((text) => text === 'Please sign in.'),
    about,
  ).toHaveLength(1);
  expect(audited(world, 'conversation.erased'), about).toHaveLength(2);
  expect(world.bookings.booked.length, about).toBeLessThanOrEqual(2);
  return { struck: life.struck(), world };
}

/** The same at every call that is made, one after the other; answers which those were. */
export async function playAtEveryCall(how: Fate['how'], options: { losesBells?: boolean } = {}): Promise<string[]> {
  const struck: string[] = [];
  for (;;) {
    const ending = await play({ at: struck.length + 1, how }, options);
    if (ending.struck === undefined) return struck;
    struck.push(ending.struck);
  }
}
