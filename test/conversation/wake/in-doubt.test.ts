import { expect } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { defineTool } from '../../../shared/tools/define-tool.ts';
import { createFakeBookings } from '../../support/fakes/fake-bookings.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { startWorld } from './world.ts';

const away = new AppError('upstream', 'Graph is away', { vendor: 'msgraph' });
const silent = new AppError('timeout', 'Graph took too long', { vendor: 'msgraph', maybeDone: true });
const cannotTell = '? I cannot tell whether this was done (reserve): please check';

/** What the steps of a reservation meet, one time each; what is not named goes well. */
interface Steps {
  readonly checks?: readonly (AppError | undefined)[];
  readonly creates?: readonly ({ readonly fails: AppError; readonly done: boolean } | undefined)[];
  readonly finds?: readonly (AppError | undefined)[];
}

/** A conversation with a tool that looks something up before it writes, as the calendar's does. */
async function start({ checks = [], creates = [], finds = [] }: Steps) {
  const vendor = createFakeBookings();
  vendor.nextCreates(...creates);
  const [toCheck, toFind] = [[...checks], [...finds]];
  const meet = (steps: (AppError | undefined)[]) => {
    const error = steps.shift();
    return error ? Promise.reject(error) : Promise.resolve();
  };
  const reserve = defineTool({
    name: 'reserve',
    description: 'Reserves something.',
    role: 'user',
    effect: 'write',
    input: z.object({ subject: z.string() }),
    output: z.object({ subject: z.string() }),
    fromPerson: () => [],
    proposal: ({ subject }) => `Reserve: ${subject}`,
    receipt: ({ subject }) => `✓ Reserved: ${subject}`,
    run: async ({ subject }, { operation }) => {
      await meet(toCheck);
      const { subject: reserved } = await operation.run('create', {
        perform: (key) => vendor.create(subject, key),
        settle: (key) => meet(toFind).then(() => vendor.find(key)),
      });
      return { subject: reserved };
    },
  });
  const world = await startWorld({ moreTools: [reserve] });
  world.ports.model.always({ text: 'Here is what happened:' });
  /** Asks for it and works until all is quiet; what is said in between is that it waits. */
  const ask = async (...subjects: readonly string[]) => {
    world.ports.model.next(asksFor(...subjects.map((subject) => ['reserve', { subject }] as const)));
    await world.say('Reserve it');
    await world.run();
    return world.shown().at(-1);
  };
  return { world, vendor, ask };
}

/** Done, but nobody heard so: the turn waits for a look-up. */
const lost = { creates: [{ fails: silent, done: true }], finds: [away] };

for (const code of ['forbidden', 'not-found', 'invalid-input', 'conflict'] as const) {
  const refused = new AppError(code, 'Not now');

  verifies(
    'conversation:writes-settle',
    `what may have been done is not denied because a check now fails (${code})`,
    async () => {
      const { world, vendor, ask } = await start({ ...lost, checks: [undefined, refused] });

      expect(await ask('Room')).toBe(`Here is what happened:\n\n${cannotTell}`);
      expect(vendor.booked).toHaveLength(1);
      expect(world.ports.model.requests.at(-1)?.items.at(-1)).toMatchObject({
        output: expect.stringContaining('unknown-outcome') as string,
      });
    },
  );

  verifies(
    'conversation:writes-settle',
    `what may have been done is not denied because its look-up fails (${code})`,
    async () => {
      const atOnce = await start({ ...lost, finds: [refused] });
      const later = await start({ ...lost, finds: [away, refused] });

      expect(await atOnce.ask('Room')).toBe(`Here is what happened:\n\n${cannotTell}`);
      expect(await later.ask('Room')).toBe(`Here is what happened:\n\n${cannotTell}`);
    },
  );
}

verifies('conversation:writes-settle', 'what was looked for and not found was not done: a refusal then is one', async () => {
  const forbidden = { fails: new AppError('forbidden', 'Not in this room'), done: false };
  const { vendor, ask } = await start({ creates: [{ fails: silent, done: false }, forbidden], finds: [away] });

  expect(await ask('Room')).toBe('Here is what happened:\n\n✗ Not done (reserve)');
  expect(vendor.booked).toEqual([]);
});

verifies('conversation:writes-settle', 'a check that fails in the first try is no doubt', async () => {
  const { ask } = await start({ checks: [new AppError('forbidden', 'Not this one')] });

  expect(await ask('Room')).toBe('Here is what happened:\n\n✗ Not done (reserve)');
});

const expired = new AppError('sign-in-required', 'The grant is gone', { vendor: 'entra' });
const signIn = 'Please sign in again: https://sign-in.example';

verifies('conversation:writes-settle', 'a sign-in that is needed meanwhile hides nothing that may have been done', async () => {
  const inCheck = await start({ ...lost, checks: [undefined, expired] });
  const inLookUp = await start({ ...lost, finds: [away, expired] });
  const atOnce = await start({ ...lost, finds: [expired] });
  const fresh = await start({ checks: [expired] });

  for (const { ask } of [inCheck, inLookUp, atOnce]) expect(await ask('Room')).toBe(`${signIn}\n\n${cannotTell}`);
  expect(await fresh.ask('Room')).toBe(signIn);
  expect(inCheck.world.unfinished()).toEqual([]);
});

verifies('conversation:writes-settle', 'of an answer that an earlier try began, no write is passed over', async () => {
  const { ask } = await start({
    creates: [undefined, { fails: silent, done: true }],
    finds: [away],
    checks: [undefined, undefined, expired],
  });

  expect(await ask('One', 'Two')).toBe(`${signIn}\n\n✓ Reserved: One\n${cannotTell}`);
  const first = await start({ checks: [away, expired] });
  expect(await first.ask('One', 'Two')).toBe(`${signIn}\n\n${cannotTell}\n${cannotTell}`);
});
