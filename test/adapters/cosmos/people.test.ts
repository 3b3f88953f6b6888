import { expect } from 'vitest';
import { person, signIn, tokens } from '../../contract/people-documents.ts';
import { startCosmosStores } from '../../contract/store-implementations.ts';
import { verifies } from '../../verifies.ts';

verifies('adapters:people', 'nothing but signing in brings tokens back that are gone', async () => {
  const { people, cosmos } = await startCosmosStores();
  await people.saveTokens(tokens, undefined);
  const read = await people.loadTokens('p1');

  await cosmos.container('tokens').item('p1', 'p1').delete();

  await expect(people.saveTokens(tokens, read?.version)).rejects.toMatchObject({ code: 'not-found' });
  expect(await people.loadTokens('p1')).toBeUndefined();
});

verifies('adapters:sign-ins', 'is gone when its time is over', async () => {
  const { signIns, context } = await startCosmosStores();
  await signIns.create(signIn);

  context.clock.advance(899_000);
  const before = await signIns.load('s1');
  context.clock.advance(2_000);

  expect(before?.document).toEqual(signIn);
  expect(await signIns.load('s1')).toBeUndefined();
});

verifies('adapters:errors', 'what Cosmos answers is told by the code that callers decide by', async () => {
  const { people, context, identities } = await startCosmosStores();
  const codes: Record<number, string> = { 401: 'settings', 403: 'settings', 408: 'timeout', 413: 'too-large', 500: 'upstream' };

  for (const [status, code] of Object.entries(codes)) {
    context.faults.add({ vendor: 'cosmos', effect: 'answer', status: Number(status), times: 20 });
    await expect(people.load('p1'), status).rejects.toMatchObject({ code, vendor: 'cosmos' });
    context.faults.clear();
  }
  context.faults.add({ vendor: 'cosmos', effect: 'answer', status: 429, retryAfterSeconds: 0.01, times: 20 });
  await expect(identities.load('acme:lid')).rejects.toMatchObject({ code: 'rate-limited', maybeDone: false });
});

verifies('adapters:errors', 'a refusal that passes is not seen at all', async () => {
  const { people, context } = await startCosmosStores();
  context.faults.add({ vendor: 'cosmos', effect: 'answer', status: 429, retryAfterSeconds: 0.01, times: 2 });

  await people.save(person);

  expect(await people.load('p1')).toEqual(person);
});
