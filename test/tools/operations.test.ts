import { expect } from 'vitest';
import { deriveId } from '../../shared/core/ids.ts';
import { AppError } from '../../shared/core/errors.ts';
import type { FailureDocument, MessageDocument } from '../../shared/ports/documents.ts';
import { messageOf, ref } from '../contract/conversations/implementations.ts';
import type { FakeConversations } from '../support/fakes/fake-conversations.ts';
import { verifies } from '../verifies.ts';
import { ana, connect, now } from './connected.ts';

const admin = { ...ana, role: 'admin' } as const;

interface Listed {
  readonly failures: { id: string; when: string; reason: string; messages: number; replays: number; replayed: boolean }[];
  readonly more: boolean;
}

/** A turn of this conversation that failed for good, as its last batch left it. */
async function fail(conversations: FakeConversations, turnId: string, more: Partial<FailureDocument> = {}) {
  const place = { ...ref, conversationId: `acme:${turnId}` };
  const message: MessageDocument = { ...messageOf(`m-${turnId}`), ...place };
  await conversations.storeMessage(message);
  const taking = await conversations.takeLease(place, { owner: 'a'.repeat(32), until: now + 20_000, now });
  if (taking.kind !== 'taken') throw new Error(taking.kind);
  const failure: FailureDocument = {
    ...{ ...place, id: `failure:${turnId}`, type: 'failure', turnId, at: now, reason: 'invalid-input' },
    ...{ messageIds: [message.id], run: 0, ttl: 3_600, ...more },
  };
  await conversations.commit(taking.lease, {
    after: { kind: 'release', notBefore: 0, keepAttempts: false },
    changes: [
      { kind: 'patch', id: message.id, set: { turnId, ttl: 3_600 }, remove: ['dueAt'] },
      { kind: 'upsert', document: failure },
    ],
    onLease: { ended: 1 },
  });
  return place;
}

/** The tools as an admin has them; what they write in the chat is `spoken`. */
async function connectAdmin(spoken: readonly string[] = []) {
  const connected = await connect({ caller: { ...admin, timeZone: 'America/New_York' }, spoken });
  const list = async () => JSON.parse((await connected.call('system_list_failures', {})).output) as Listed;
  return { ...connected, list };
}

/** The id of such a turn's failure, as the list tells it: what the person will have written. */
async function idOf(turnId: string): Promise<string> {
  const { ports, list } = await connectAdmin();
  await fail(ports.conversations, turnId);
  return (await list()).failures[0]?.id ?? '';
}

verifies(
  ['conversation:replay', 'tools:role'],
  'what failed is listed by id, time, reason and number, and by nothing else',
  async () => {
    const { ports, list, call } = await connectAdmin();
    await fail(ports.conversations, 't1', { at: now - 60_000 });
    await fail(ports.conversations, 't2', { reason: 'too-late', messageIds: ['a', 'b'], run: 2, replayedAt: now });

    const listed = await list();
    const { receipt } = await call('system_list_failures', {});

    const id = expect.stringMatching(/^[0-9a-f]{8}$/) as string;
    expect(listed).toEqual({
      failures: [
        { id, when: '2026-11-21T04:30:00-05:00', reason: 'too-late', messages: 2, replays: 2, replayed: true },
        { id, when: '2026-11-21T04:29:00-05:00', reason: 'invalid-input', messages: 1, replays: 0, replayed: false },
      ],
      more: false,
    });
    expect(receipt).toBeUndefined();
  },
);

verifies('conversation:replay', 'more than fit are said to be there', async () => {
  const { ports, list } = await connectAdmin();
  for (let n = 0; n < 25; n += 1) await fail(ports.conversations, `t${n}`, { at: now + n });

  const { failures, more } = await list();

  expect([failures.length, more, new Set(failures.map(({ id }) => id)).size]).toEqual([20, true, 20]);
});

verifies(
  'conversation:replay',
  'an admin replays by the id they wrote: due again, rung for, said in a line of ours',
  async () => {
    const id = await idOf('t1');
    const { ports, call, list, keys } = await connectAdmin([id]);
    const place = await fail(ports.conversations, 't1');
    await fail(ports.conversations, 't2');

    const { output, receipt } = await call('system_replay_failure', { id });
    const twice = await call('system_replay_failure', { id });

    expect(keys).toEqual(['replay', 'replay']);
    expect([receipt, twice.receipt]).toEqual([`✓ Replayed: failure ${id}, 1 message`, `✓ Replayed: failure ${id}, 1 message`]);
    expect(JSON.parse(output)).toMatchObject({ id, outcome: 'replayed', replayed: true });
    expect(ports.conversations.document(place, 'm-t1')).toMatchObject({ run: 1, dueAt: ports.clock.now() });
    expect(ports.bell.rung.map((one) => one.ref)).toEqual([place, place]);
    expect((await list()).failures.filter(({ replayed }) => replayed).map((one) => one.id)).toEqual([id]);
  },
);

verifies('conversation:replay', 'what somebody else replayed is said to be so, though it failed again since', async () => {
  const id = await idOf('t1');
  const { ports, call, list } = await connectAdmin([id]);
  const place = await fail(ports.conversations, 't1');
  await ports.conversations.replayFailure(place, { turnId: 't1', run: 0, key: 'somebody else', now });
  const meanwhile = await call('system_replay_failure', { id });
  await ports.conversations.takeLease(place, { owner: 'b'.repeat(32), until: now + 20_000, now });
  const failure = ports.conversations.document(place, 'failure:t1') as FailureDocument;
  const again: FailureDocument = { ...failure, run: 1, replayedAt: undefined, replayKey: undefined };
  await ports.conversations.commit(
    { ...place, owner: 'b'.repeat(32), epoch: 2, attempts: 1 },
    { after: { kind: 'release', notBefore: 0, keepAttempts: false }, changes: [{ kind: 'upsert', document: again }] },
  );

  const afterwards = await call('system_replay_failure', { id });

  const before = `✓ Failure ${id} was replayed before: nothing more is done`;
  expect([meanwhile.receipt, afterwards.receipt]).toEqual([before, before]);
  expect((await list()).failures).toMatchObject([{ replays: 1, replayed: false }]);
  expect((await list()).failures[0]?.id).not.toBe(id);
  expect(ports.bell.rung).toEqual([]);
});

verifies(
  'conversation:replay',
  'an id of nobody, of several, not written by the person or of what is gone does nothing',
  async () => {
    const id = await idOf('t1');
    const { ports, call } = await connectAdmin(['beef', 'zzzz', id]);
    const place = await fail(ports.conversations, 't1', { messageIds: ['m-t1', 'expired'] });
    const replay = (one: string) => call('system_replay_failure', { id: one });

    await expect(replay('beef')).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('beef') as string });
    await expect(replay('zzzz')).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(replay(`${id}0`)).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('did not write') as string,
    });
    await expect(replay(id)).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('not kept') as string });

    expect(ports.conversations.document(place, 'm-t1')).not.toHaveProperty('dueAt');
  },
);

verifies(
  'conversation:replay',
  'a beginning that several failures share is not guessed, and the list tells them apart',
  async () => {
    const [one, other] = alike();
    const { ports, call, list } = await connectAdmin([one.id.slice(0, 8), one.id.slice(0, 16)]);
    for (const { turnId } of [one, other]) await fail(ports.conversations, turnId);

    const ids = (await list()).failures.map(({ id }) => id);

    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => id.length > 8 && [one.id, other.id].some((whole) => whole.startsWith(id)))).toBe(true);
    await expect(call('system_replay_failure', { id: one.id.slice(0, 8) })).rejects.toMatchObject({ code: 'invalid-input' });
    expect(ports.bell.rung).toEqual([]);
    await call('system_replay_failure', { id: one.id.slice(0, 16) });
    expect(ports.bell.rung).toHaveLength(1);
  },
);

/** Two turns whose failures have ids that begin with the same eight digits. */
function alike() {
  const seen = new Map<string, string>();
  for (let n = 0; ; n += 1) {
    const turnId = `t${n}`;
    const id = deriveId('failure', turnId, 0);
    const twin = seen.get(id.slice(0, 8));
    if (twin !== undefined)
      return [
        { turnId: twin, id: deriveId('failure', twin, 0) },
        { turnId, id },
      ] as const;
    seen.set(id.slice(0, 8), turnId);
  }
}

verifies('conversation:pause', 'an admin pauses and resumes, each said in a line of ours, the second time too', async () => {
  const { call, ports } = await connectAdmin(['pause']);
  const person = { id: 'ana', workspace: 'acme', role: 'admin', homeAccountId: 'h', linkedAt: 0, sealed: '' } as const;
  await ports.people.save({ ...person, conversationId: 'acme:ana' });

  const nothing = await call('system_resume', {});
  const paused = await call('system_pause', {});

  const state = await ports.pause.load();
  expect([nothing.receipt, paused.receipt]).toEqual([
    '✓ Nothing is paused: everybody is answered',
    '✓ Paused: what people write is kept, and answered after “resume”',
  ]);
  expect(JSON.parse(paused.output)).toEqual({ paused: true, changed: true });
  expect(state).toEqual({ paused: true, by: 'acme:ana', at: now });
});

verifies(
  'conversation:pause',
  'a model that was told so by something it read pauses nothing: the admin says the word',
  async () => {
    const { call, ports } = await connectAdmin(['resume']);

    await expect(call('system_pause', {})).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await ports.pause.load()).toMatchObject({ paused: false });
  },
);

verifies('tools:role', 'what belongs to admins is neither shown to anybody else nor done for them', async () => {
  const staff = await connect({ caller: { ...ana, role: 'staff' } });
  const names = ['system_list_failures', 'system_replay_failure', 'system_pause', 'system_resume'];

  expect(staff.client.tools.map(({ name }) => name).filter((name) => names.includes(name))).toEqual([]);
  for (const name of names) await expect(staff.call(name, { id: '3f9a2c1d' })).rejects.toMatchObject({ code: 'not-found' });
  expect(await staff.ports.pause.load()).toMatchObject({ paused: false });
});

verifies('conversation:replay', 'a bell that cannot be rung fails the call, and the next try is the same replay', async () => {
  const id = await idOf('t1');
  const { ports, call } = await connectAdmin([id]);
  await fail(ports.conversations, 't1');
  ports.bell.failWith(new AppError('upstream', 'The queue is away', { vendor: 'servicebus' }));

  await expect(call('system_replay_failure', { id })).rejects.toMatchObject({ code: 'upstream', retryable: true });
  ports.bell.failWith(undefined);
  const { receipt } = await call('system_replay_failure', { id });

  expect(receipt).toBe(`✓ Replayed: failure ${id}, 1 message`);
  expect(ports.bell.rung).toHaveLength(1);
});
