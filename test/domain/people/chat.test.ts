import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { evasChat, linkIn, signInChat, startSignIn, winCode } from './start-sign-in.ts';

const minute = 60_000;

verifies('sign-in:link', 'an unknown number is told who this is and gets a link for 15 minutes', async () => {
  const { say, signIns } = await startSignIn();

  const told = await say(evasChat, 'What is on my calendar?');

  expect(told).toContain('Adjutant, the assistant of Alder & Finch');
  expect(told).toContain('within 15 minutes');
  const secret = linkIn(told).split('-')[1] ?? expect.unreachable();
  const stored = JSON.stringify([...signIns.documents.values()]);
  for (const hidden of [secret, evasChat.phone.slice(1), evasChat.lid]) expect(stored).not.toContain(hidden);
});

verifies(
  'sign-in:link',
  'the same turn, and whoever asks again at once, gets the same; later a new one replaces it',
  async () => {
    const { say, clock, pages } = await startSignIn();

    const first = linkIn(await say(evasChat, 'Hello', 'the-turn'));
    clock.advance(40_000);
    const [rerun, again] = [linkIn(await say(evasChat, 'Hello', 'the-turn')), linkIn(await say(evasChat, 'Hello?'))];
    clock.advance(30_000);
    const rerunLater = linkIn(await say(evasChat, 'Hello', 'the-turn'));
    const later = linkIn(await say(evasChat, 'Still there?'));

    expect([rerun, again, rerunLater]).toEqual([first, first, first]);
    expect(later).not.toBe(first);
    expect(await pages.show({ link: first, cookie: null })).toMatchObject({ status: 404 });
    expect(await pages.show({ link: later, cookie: null })).toMatchObject({ status: 200 });
  },
);

verifies('sign-in:link', 'a link in use is not taken away from whoever is at the page', async () => {
  const { say, clock, pages } = await startSignIn();
  const link = linkIn(await say(evasChat, 'Hello'));
  await pages.confirm({ link, site: 'same-origin' });

  clock.advance(4 * minute);
  const told = await say(evasChat, 'One moment please');

  expect(linkIn(told)).toBe(link);
  expect(told).toContain('within 11 minutes');
});

verifies('sign-in:link', 'five an hour, then the fifth as long as it works, then a word about when', async () => {
  const { say, clock } = await startSignIn();
  const links: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    links.push(linkIn(await say(evasChat, 'Hello')));
    clock.advance(2 * minute);
  }

  const sixth = linkIn(await say(evasChat, 'Hello'));
  clock.advance(20 * minute);
  const told = await say(evasChat, 'Hello');
  clock.advance(31 * minute);
  const afterwards = linkIn(await say(evasChat, 'Hello'));

  expect(new Set(links).size).toBe(5);
  expect(sixth).toBe(links[4]);
  expect(told).toContain('in 30 minutes');
  expect(links).not.toContain(afterwards);
});

verifies('sign-in:code-in-chat', 'the six digits link the person, and the chat and a mail say who it is', async () => {
  const world = await startSignIn();
  world.directory.address = 'eva@alderfinch.example';

  const told = await signInChat(world, evasChat, 'eva@alderfinch.example');

  expect(told).toContain('You are signed in as Eva Lindqvist (eva@alderfinch.example), role user.');
  expect(told).toContain('Try: ');
  expect(await world.callerOf(evasChat)).toMatchObject({ name: 'Eva Lindqvist', timeZone: 'Europe/Lisbon', role: 'user' });
  expect(world.directory.mails).toEqual([
    expect.objectContaining({ to: 'eva@alderfinch.example', text: expect.stringContaining('+1 555 •••• 09') as string }),
  ]);
  expect([...world.audit.lines.values()]).toMatchObject([{ what: 'sign-in.linked', detail: { moved: 0 } }]);
});

verifies('sign-in:code-in-chat', 'in a burst, with a space in it; anything else is answered that a code is awaited', async () => {
  const world = await startSignIn();
  const link = linkIn(await world.say(evasChat, 'Hello'));
  const code = await winCode(world, link, 'eva@alderfinch.example');

  const waiting = await world.say(evasChat, 'I signed in, what now?');
  const told = await world.say(evasChat, [`${code.slice(0, 3)} ${code.slice(3)} `, 'thanks!']);

  expect(waiting).toContain('I am waiting for the six-digit code');
  expect(told).toContain('You are signed in as Eva Lindqvist');
});

verifies('sign-in:code-in-chat', 'who closed the page asks for a new link', async () => {
  const world = await startSignIn();
  const link = linkIn(await world.say(evasChat, 'Hello'));
  const code = await winCode(world, link, 'eva@alderfinch.example');

  const told = await world.say(evasChat, 'Please send me a new link');

  expect(linkIn(told)).not.toBe(link);
  expect(await world.say(evasChat, code)).not.toContain('signed in as');
});

verifies('sign-in:code-in-chat', "a linked person's messages go on to the assistant, six digits included", async () => {
  const world = await startSignIn();
  await signInChat(world, evasChat, 'eva@alderfinch.example');

  const told = [await world.say(evasChat, 'What is on my calendar?'), await world.say(evasChat, '271828')];

  expect(told).toEqual([undefined, undefined]);
});

verifies('sign-in:code-in-chat', 'while Graph is down: linked in UTC, without a mail and without a word of it', async () => {
  const world = await startSignIn();
  world.directory.failWith(new Error('down'));

  const told = await signInChat(world, evasChat, 'eva@alderfinch.example');

  expect(told).toMatch(/^You are signed in as Eva Lindqvist/);
  expect(await world.callerOf(evasChat)).toMatchObject({ timeZone: 'UTC' });
  expect(world.logs.join('\n')).toMatch(/sign-in\.zone-unknown[\s\S]*sign-in\.mail-failed/);
});

verifies('sign-in:single-use', 'a wrong code may be sent four times; the fifth closes the sign-in', async () => {
  const world = await startSignIn();
  const link = linkIn(await world.say(evasChat, 'Hello'));
  const code = await winCode(world, link, 'eva@alderfinch.example');

  const told = [];
  for (const turn of ['a', 'a', 'b', 'c', 'd']) told.push(await world.say(evasChat, '999999', turn));
  const [fifth, rerun] = [await world.say(evasChat, '999998', 'e'), await world.say(evasChat, '999998', 'e')];
  const tooLate = await world.say(evasChat, code);

  expect(told.map((text) => /\((\w+)/.exec(text ?? '')?.[1])).toEqual(['4', '4', '3', '2', 'one']);
  expect([fifth, rerun]).toEqual([fifth, fifth]);
  expect(fifth).toContain('fifth wrong code');
  expect(linkIn(tooLate)).not.toBe(link);
  expect(await world.callerOf(evasChat)).toBeUndefined();
  expect([...world.audit.lines.values()].map(({ what }) => what)).toEqual(['sign-in.refused']);
});

verifies('sign-in:single-use', 'the right code after wrong ones links; after a quarter of an hour it does not', async () => {
  const world = await startSignIn();
  const code = await winCode(world, linkIn(await world.say(evasChat, 'Hello')), 'eva@alderfinch.example');
  await world.say(evasChat, '999999');

  world.clock.advance(15 * minute);
  const expired = await world.say(evasChat, code);
  const second = await winCode(world, linkIn(expired), 'eva@alderfinch.example');
  await world.say(evasChat, '999999');
  const told = await world.say(evasChat, second);

  expect(expired).toContain('That code has expired');
  expect(told).toContain('You are signed in as Eva Lindqvist');
});
