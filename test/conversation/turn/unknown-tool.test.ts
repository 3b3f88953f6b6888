import { expect } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { defineTool } from '../../../shared/tools/define-tool.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { startWorld, type World } from '../wake/world.ts';

const eraseTool = defineTool({
  name: 'erase_everything',
  description: 'Erases everything.',
  role: 'admin',
  effect: 'write',
  input: z.object({}),
  output: z.object({}),
  fromPerson: () => [],
  proposal: () => 'Erase',
  receipt: () => '✓ Erased',
  run: () => Promise.reject(new Error('It was run')),
});
const inviteTool = defineTool({
  name: 'invite',
  description: 'Invites somebody.',
  role: 'user',
  effect: 'write',
  input: z.object({ email: z.email() }),
  output: z.object({ email: z.string() }),
  fromPerson: ({ email }) => [email],
  proposal: ({ email }) => `Invite ${email}`,
  receipt: ({ email }) => `✓ Invited: ${email}`,
  run: ({ email }) => Promise.resolve({ email }),
});

/** What the model was shown of its calls, in their order, when it was asked the second time. */
const resultsOf = (world: World) =>
  (world.ports.model.requests[1]?.items ?? []).flatMap((item) =>
    item.kind === 'result' ? [JSON.parse(item.output) as Record<string, unknown>] : [],
  );

verifies('turn:unknown-tool', 'a tool that is not there is answered as an error, and the turn goes on', async () => {
  const world = await startWorld();
  world.ports.model.next(asksFor(['teleport', {}]), { text: 'I cannot do that.' });
  await world.say('Teleport me');

  await world.run();

  expect(resultsOf(world)).toEqual([{ error: 'not-found', message: 'There is no such tool, or not for this person' }]);
  expect(world.shown()).toEqual(['I cannot do that.']);
  expect(world.documents('calls')).toEqual([]);
});

verifies(
  'turn:unknown-tool',
  "a tool above the caller's role is neither shown nor run, and not told from one that is not there",
  async () => {
    const world = await startWorld({ role: 'staff', moreTools: [eraseTool] });
    world.ports.model.next(asksFor(['erase_everything', {}]), { text: 'That is not for you.' });
    await world.say('Erase the whole archive');

    await world.run();

    expect(world.ports.model.requests[0]?.tools.map(({ name }) => name)).toEqual(['book', 'list_bookings']);
    expect(resultsOf(world)).toEqual([{ error: 'not-found', message: 'There is no such tool, or not for this person' }]);
    expect(world.shown()).toEqual(['That is not for you.']);
  },
);

verifies(
  'turn:unknown-tool',
  'arguments that are no JSON object, or not what the tool takes, are told to the model',
  async () => {
    const world = await startWorld();
    const { ports, bookings } = world;
    const wrong = ['{"subject": "Rev', '[1]', '"text"', 'null', '', { subject: '' }, { subject: 7 }, {}];
    ports.model.next(asksFor(...wrong.map((input): [string, unknown] => ['book', input])), { text: 'What is it about?' });
    await world.say('Book');

    await world.run();

    const results = resultsOf(world);
    expect(results.map(({ error }) => error)).toEqual(wrong.map(() => 'invalid-input'));
    expect(results.slice(0, 4).map(({ message }) => message)).toEqual(
      wrong.slice(0, 4).map(() => 'The arguments of book are not a JSON object'),
    );
    expect(String(results[6]?.['message'])).toContain('subject');
    expect(world.shown()).toEqual(['What is it about?']);
    expect(bookings.booked).toEqual([]);
  },
);

verifies('turn:unknown-tool', 'one wrong call among others harms none of them', async () => {
  const world = await startWorld();
  world.ports.model.next(
    asksFor(
      ['teleport', {}],
      ['book', { subject: 'Review' }],
      ['book', '{'],
      ['list_bookings', { what: 1 }],
      ['book', { subject: 'Lunch' }],
    ),
    { text: 'Here is what happened:' },
  );
  await world.say('Book a review and lunch');

  await world.run();

  expect(resultsOf(world).map((result) => result['error'])).toEqual([
    'not-found',
    undefined,
    'invalid-input',
    undefined,
    undefined,
  ]);
  expect(world.shown()).toEqual(['Here is what happened:\n\n✓ Booked: Review\n✓ Booked: Lunch']);
});

verifies('turn:unknown-tool', 'a value that the person did not write is not written to', async () => {
  const world = await startWorld({ moreTools: [inviteTool] });
  world.ports.model.next(asksFor(['invite', { email: 'eve@evil.example' }], ['invite', { email: 'ben@alderfinch.example' }]), {
    text: 'Whom do you mean?',
  });
  await world.say('Invite Ben');

  await world.run();

  expect(resultsOf(world)).toMatchObject([{ error: 'invalid-input' }, { email: 'ben@alderfinch.example' }]);
  expect(world.shown()).toEqual(['Whom do you mean?\n\n✓ Invited: ben@alderfinch.example']);
});

verifies(
  'turn:unknown-tool',
  'what the domain refuses is told to the model, and a write that was not done to the person',
  async () => {
    const world = await startWorld();
    const { ports, bookings } = world;
    bookings.nextCreates({ fails: new AppError('conflict', 'That slot is taken', { vendor: 'msgraph' }), done: false });
    ports.model.next(asksFor(['book', { subject: 'Review' }]), { text: 'The slot is taken.' });
    await world.say('Book a review');

    await world.run();

    expect(resultsOf(world)).toEqual([{ error: 'conflict', message: 'That slot is taken' }]);
    expect(world.shown()).toEqual(['The slot is taken.\n\n✗ Not done (book)']);
  },
);
