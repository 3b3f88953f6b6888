import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import { createTokenSource } from '../../../shared/domain/people/index.ts';
import { verifies } from '../../verifies.ts';
import { evasChat, signInChat, startSignIn } from './start-sign-in.ts';

/** Somebody signed in, and an Entra that answers when it is told to; it listens to its signal unless it is `deaf`. */
async function startSlow({ deaf = false, loadMs = 10_000 } = {}) {
  const world = await startSignIn();
  await signInChat(world, evasChat, 'eva@alderfinch.example');
  const personId = (await world.callerOf(evasChat))?.personId ?? expect.unreachable();
  const gate = Promise.withResolvers<undefined>();
  const asked = Promise.withResolvers<undefined>();
  let calls = 0;
  const authority: typeof world.authority = {
    ...world.authority,
    async acquireToken(request, signal) {
      calls += 1;
      asked.resolve(undefined);
      const given = new Promise((_resolve, reject) => {
        if (!deaf) signal?.addEventListener('abort', () => reject(signal.reason as Error));
      });
      await Promise.race([gate.promise, given]);
      return world.authority.acquireToken(request);
    },
  };
  const tokens = createTokenSource({ ...world, authority }, { loadMs });
  return { world, tokens, personId, asked: asked.promise, answer: () => gate.resolve(undefined), calls: () => calls };
}

const lost = new AppError('lease-lost', 'The lease is not ours any more');

verifies('sign-in:cache-encrypted', 'a turn that ends while it waits for a token ends no other', async () => {
  const { tokens, personId, asked, answer, calls } = await startSlow();
  const turn = new AbortController();
  const first = tokens.tokenFor(personId, turn.signal);
  const second = tokens.tokenFor(personId, new AbortController().signal);
  const third = tokens.tokenFor(personId);
  await asked;

  turn.abort(lost);
  await expect(first).rejects.toBe(lost);
  const late = tokens.tokenFor(personId, AbortSignal.abort(lost));
  await expect(late).rejects.toBe(lost);
  answer();

  const [token, same] = await Promise.all([second, third]);
  expect(same).toBe(token);
  expect([await tokens.tokenFor(personId), calls()]).toEqual([token, 1]);
});

verifies('sign-in:cache-encrypted', 'if all who waited have gone, nobody is told of a failure', async () => {
  const { tokens, personId, asked, answer, calls } = await startSlow({ loadMs: 60 });
  const turn = new AbortController();
  const waiting = tokens.tokenFor(personId, turn.signal);
  await asked;

  turn.abort(lost);
  await expect(waiting).rejects.toBe(lost);
  await new Promise((resolve) => setTimeout(resolve, 120));
  answer();

  await expect(tokens.tokenFor(personId)).resolves.toBeDefined();
  expect(calls()).toBe(2);
});

verifies('sign-in:cache-encrypted', 'an Entra that never answers is given up for all, even if it does not listen', async () => {
  for (const deaf of [false, true]) {
    const { tokens, personId, answer } = await startSlow({ deaf, loadMs: 60 });

    const waiting = [tokens.tokenFor(personId), tokens.tokenFor(personId)];

    for (const one of waiting) await expect(one).rejects.toMatchObject({ code: 'timeout', vendor: 'entra', retryable: true });
    answer();
    await expect(tokens.tokenFor(personId)).resolves.toBeDefined();
  }
});
