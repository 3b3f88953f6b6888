import { expect } from 'vitest';
import { createCosmosConversations } from '../../../shared/adapters/cosmos/conversations.ts';
import { deriveId, deriveWhatsappId } from '../../../shared/core/ids.ts';
import type { SignInDocument } from '../../../shared/ports/people.ts';
import { hold, messageOf, now, owner, ref, replyOf, rival, takeAs } from '../../contract/conversations/implementations.ts';
import { startCosmosStores } from '../../contract/store-implementations.ts';
import { startCosmos } from '../../support/cosmos.ts';
import { verifies } from '../../verifies.ts';

const batches = { vendor: 'cosmos', match: { method: 'POST', path: '/docs', body: 'lease' } } as const;
const busy = { effect: 'answer', status: 429, retryAfterSeconds: 0.01, times: 100 } as const;

async function startHeld() {
  const started = await startCosmos();
  const conversations = createCosmosConversations(started.cosmos);
  await conversations.storeMessage(messageOf('m1'));
  const lease = await takeAs(conversations, owner);
  const commit = (signal?: AbortSignal) =>
    conversations.commit(lease, { after: hold(now + 30_000), changes: [{ kind: 'create', document: replyOf('r1') }] }, signal);
  return { ...started, conversations, lease, commit };
}

verifies('adapters:cosmos-outcomes', 'a batch that may have been done stays so, whatever its repeats are told', async () => {
  for (const status of [undefined, 408, 500]) {
    const { context, commit } = await startHeld();
    context.faults.add({ ...batches, effect: 'answer-after-doing', ...(status === undefined ? {} : { status }) });
    context.faults.add({ ...batches, ...busy });

    await expect(commit(), String(status)).rejects.toMatchObject({ code: 'rate-limited', maybeDone: true });
  }
});

verifies('adapters:cosmos-outcomes', 'a batch that was refused each time was not done', async () => {
  const { context, commit } = await startHeld();
  context.faults.add({ ...batches, ...busy });

  await expect(commit()).rejects.toMatchObject({ code: 'rate-limited', maybeDone: false });
});

verifies('adapters:cosmos-outcomes', 'nor is it known where the lease cannot be read that would tell', async () => {
  const { context, commit } = await startHeld();
  context.faults.add({ ...batches, effect: 'answer-after-doing' });
  context.faults.add({ vendor: 'cosmos', match: { method: 'GET', path: '/docs/lease' }, ...busy });

  await expect(commit()).rejects.toMatchObject({ code: 'rate-limited', maybeDone: true });
});

verifies('adapters:cosmos-outcomes', 'who gives up between two tries is told what is known', async () => {
  const { context, commit } = await startHeld();
  context.faults.add({ ...batches, effect: 'answer-after-doing', times: 9 });

  await expect(commit(AbortSignal.timeout(60))).rejects.toMatchObject({ code: 'upstream', maybeDone: true });
});

verifies('adapters:errors', 'whoever gives up on a write of Cosmos does not wait for it', async () => {
  const { context, people, identities, signIns, wrappedKeys, cosmos } = await startCosmosStores();
  const conversations = createCosmosConversations(cosmos);
  await conversations.storeMessage(messageOf('m1'));
  const lease = await takeAs(conversations, owner);
  await conversations.commit(lease, { after: hold(now + 30_000), changes: [{ kind: 'create', document: replyOf('r1') }] });
  const person = { id: 'p1', workspace: 'acme', role: 'user', homeAccountId: 'h', linkedAt: 1, sealed: 'cw==' } as const;
  const tokens = { id: 'p1', personId: 'p1', workspace: 'acme', sealed: 'dA==', expired: false };
  const signIn: SignInDocument = {
    ...{ id: 's1', workspace: 'acme', conversationId: 'acme:c1', state: 'issued', turnId: 't1', issuedAt: 1, issued: [1] },
    ...{ expiresAt: 9, attempts: 0, mailed: false, sealed: 'cw==', ttl: 900 },
  };
  const identity = { id: 'acme:lid', workspace: 'acme', kind: 'lid', createdAt: 1 } as const;
  const held = { ...ref, id: 'lease', type: 'lease', owner, epoch: 1, until: now, attempts: 1 } as const;
  const writes: Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>> = {
    'update an identity': (signal) => identities.update('acme:lid', { personId: 'p1' }, signal),
    'change an identity': (signal) => identities.change({ document: identity, version: '"1"' }, { personId: 'p1' }, signal),
    'save a person': (signal) => people.save({ ...person, names: [] }, signal),
    'set a role': (signal) => people.setRole('p1', 'staff', signal),
    'save tokens': (signal) => people.saveTokens(tokens, undefined, signal),
    'save tokens anew': (signal) => people.saveTokens(tokens, '"1"', signal),
    'replace a sign-in': (signal) => signIns.replace({ ...signIn, issued: [1] }, '"1"', signal),
    'drop a key': (signal) => wrappedKeys.drop('p1', signal),
    'take a lease': (signal) => conversations.takeLease(ref, { owner: rival, until: now + 1, now }, signal),
    'free a lease': (signal) => conversations.freeAbandoned(held, now, signal),
    'record an ack': (signal) =>
      conversations.recordAck(ref, { whatsappId: deriveWhatsappId(deriveId('r1'), 0), ack: 2 }, signal),
  };
  for (const method of ['PATCH', 'PUT', 'POST'] as const) {
    context.faults.add({ vendor: 'cosmos', match: { method }, effect: 'hang', times: 1_000 });
  }

  for (const [what, write] of Object.entries(writes)) {
    const startedAt = performance.now();

    await expect(write(AbortSignal.timeout(40)), what).rejects.toMatchObject({ retryable: true });

    expect(performance.now() - startedAt, what).toBeLessThan(1_000);
  }
});

verifies('adapters:identities', 'a claim is gone after its week, a name is not', async () => {
  const { identities, context } = await startCosmosStores();
  const common = { workspace: 'acme', createdAt: 1, conversationId: 'acme:c1' };
  await identities.claim({ ...common, id: 'acme:message:1', kind: 'claim', ttl: 7 * 86_400 });
  await identities.claim({ ...common, id: 'acme:lid', kind: 'lid' });

  context.clock.advance(6.9 * 86_400_000);
  const within = await identities.load('acme:message:1');
  context.clock.advance(0.2 * 86_400_000);

  expect(within).toBeDefined();
  expect([await identities.load('acme:message:1'), (await identities.load('acme:lid'))?.kind]).toEqual([undefined, 'lid']);
});
