import { expect } from 'vitest';
import type { PersonDocument, SignInDocument, TokenDocument } from '../../../shared/ports/people.ts';
import { startCosmosStores } from '../../contract/store-implementations.ts';
import { verifies } from '../../verifies.ts';

const person: PersonDocument = {
  id: 'p1',
  workspace: 'acme',
  role: 'staff',
  homeAccountId: 'h1',
  conversationId: 'acme:c1',
  linkedAt: 5,
  sealed: 'c2VhbGVk',
};
const tokens: TokenDocument = { id: 'p1', personId: 'p1', workspace: 'acme', sealed: 'dA==', expired: false };
const signIn: SignInDocument = {
  id: 's1',
  workspace: 'acme',
  conversationId: 'acme:c1',
  state: 'issued',
  expiresAt: 9,
  attempts: 0,
  turnId: 't1',
  issuedAt: 1,
  issued: [1],
  mailed: false,
  sealed: 'cw==',
  ttl: 900,
};

verifies('adapters:people', 'a person is saved, saved anew and found', async () => {
  const { people } = await startCosmosStores();

  await people.save(person);
  await people.save({ ...person, role: 'admin' });

  expect(await people.load('p1')).toEqual({ ...person, role: 'admin' });
  expect(await people.load('p2')).toBeUndefined();
});

verifies('adapters:people', 'tokens are written on the version read; a writer who is late is told so', async () => {
  const { people } = await startCosmosStores();
  await people.saveTokens(tokens, undefined);
  const read = await people.loadTokens('p1');

  await people.saveTokens({ ...tokens, sealed: 'dQ==' }, read?.version);
  const late = people.saveTokens({ ...tokens, sealed: 'dg==' }, read?.version);

  await expect(late).rejects.toMatchObject({ code: 'conflict' });
  expect((await people.loadTokens('p1'))?.document).toEqual({ ...tokens, sealed: 'dQ==' });
});

verifies('adapters:people', 'signing in anew overwrites; nothing else brings tokens back that are gone', async () => {
  const { people, cosmos } = await startCosmosStores();
  await people.saveTokens(tokens, undefined);
  const read = await people.loadTokens('p1');
  await people.saveTokens({ ...tokens, expired: true }, undefined);
  expect((await people.loadTokens('p1'))?.document.expired).toBe(true);

  await cosmos.container('tokens').item('p1', 'p1').delete();

  await expect(people.saveTokens(tokens, read?.version)).rejects.toMatchObject({ code: 'not-found' });
  expect(await people.loadTokens('p1')).toBeUndefined();
});

verifies('adapters:sign-ins', 'is created once, moves on by version, and is gone when its time is over', async () => {
  const { signIns, context } = await startCosmosStores();
  const created = await signIns.create(signIn);
  const second = await signIns.create({ ...signIn, conversationId: 'acme:other' });
  const version = (await signIns.load('s1'))?.version ?? '';

  const both = await Promise.allSettled([
    signIns.replace({ ...signIn, state: 'confirmed' }, version),
    signIns.replace({ ...signIn, state: 'refused' }, version),
  ]);
  const moved = (await signIns.load('s1'))?.document;
  context.clock.advance(901_000);

  expect([created, second]).toEqual([signIn, signIn]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
  expect(['confirmed', 'refused']).toContain(moved?.state);
  expect(await signIns.load('s1')).toBeUndefined();
});

verifies('adapters:audit', 'the same key is the same line, whatever the second one says', async () => {
  const { audit, cosmos } = await startCosmosStores();
  const line = { stream: 'acme:people', workspace: 'acme', at: 1, what: 'person.linked', detail: { attempts: 2 } };

  await audit.append('k1', line);
  await audit.append('k1', { ...line, at: 2 });
  await audit.append('k2', line);

  const { resources } = await cosmos
    .container('audit')
    .items.query('SELECT c.id, c.at FROM c', { partitionKey: 'acme:people' })
    .fetchAll();
  expect(resources).toEqual([
    { id: 'k1', at: 1 },
    { id: 'k2', at: 1 },
  ]);
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
