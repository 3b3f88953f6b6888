import { expect } from 'vitest';
import { askUnasked } from '../../shared/conversation/ask-unasked.ts';
import { nobody } from '../../shared/conversation/send.ts';
import { wake } from '../../shared/conversation/wake.ts';
import { AppError } from '../../shared/core/errors.ts';
import { verifies } from '../verifies.ts';
import { another, broken, refused, startSending } from './sending.ts';
import { createLife } from './wake/life.ts';
import { ref, startWorld } from './wake/world.ts';

const both = ['r1-0 one', 'r1-1 two'];

verifies('conversation:send-without-ids', 'what may have been sent is never sent again, and is uncertain', async () => {
  const unknown = await startSending({}, false);
  unknown.messenger.nextSends({ fails: broken, done: true });
  const taken = await startSending(another, false);

  const replies = [await unknown.send(), await taken.send()];

  expect(replies.map(({ state }) => state)).toEqual(['uncertain', 'uncertain']);
  expect([unknown.shown(), taken.shown()]).toEqual([['r1-0 one'], []]);
});

verifies('conversation:send-without-ids', 'what nobody tried to send is taken on before it is sent, and sent once', async () => {
  const { send, shown, reply, held, messenger, conversations } = await startSending({ createdBy: nobody, unasked: true }, false);
  const asStored: unknown[] = [];
  const deliver = messenger.sendText.bind(messenger);
  messenger.sendText = (...given) => {
    asStored.push(reply().createdBy);
    return deliver(...given);
  };

  const sent = await send();

  const ours = { owner: held.lease.owner, epoch: held.lease.epoch };
  expect(asStored).toEqual([ours, ours]);
  expect([sent.state, shown(), messenger.lookedUp]).toEqual(['sent', both, []]);
  // Created, taken on, ended.
  expect(conversations.calls.filter((call) => call === 'commit')).toHaveLength(3);
});

verifies('conversation:send-without-ids', 'a worker lost after it took it on leaves it uncertain', async () => {
  const { send, shown, held } = await startSending({ createdBy: nobody, unasked: true }, false);
  const { owner, epoch } = held.lease;
  await held.commit([{ kind: 'patch', id: 'r1', set: { createdBy: { owner, epoch: epoch - 1 } } }]);

  expect((await send()).state).toBe('uncertain');
  expect(shown()).toEqual([]);
});

verifies('conversation:send-without-ids', 'where it cannot be taken on, nothing is sent', async () => {
  const { send, shown, conversations } = await startSending({ createdBy: nobody, unasked: true }, false);
  conversations.failNext('commit', new AppError('upstream', 'cosmos is away', { vendor: 'cosmos' }));

  await expect(send()).rejects.toMatchObject({ code: 'upstream' });
  expect(shown()).toEqual([]);
});

verifies('conversation:send-without-ids', 'what was refused was not sent: it is sent later, part by part', async () => {
  const { send, shown, reply, messenger } = await startSending({}, false);
  messenger.nextSends(undefined, { fails: refused, done: false });

  const parked = await send();
  const shownThen = shown();
  const sent = await send();

  expect(parked).toMatchObject({ state: 'due', attempt: 1, createdBy: nobody, parts: [{ state: 'sent' }, { state: 'due' }] });
  expect([shownThen, sent.state, shown()]).toEqual([['r1-0 one'], 'sent', both]);
  expect(reply()).not.toHaveProperty('dueAt');
});

verifies('conversation:send-without-ids', 'a bridge that keeps them is asked, and the store is not', async () => {
  const { send, messenger, conversations } = await startSending({ createdBy: nobody, unasked: true });

  const sent = await send();

  expect([sent.state, messenger.lookedUp]).toEqual(['sent', ['r1-0', 'r1-1']]);
  expect(conversations.calls.filter((call) => call === 'commit')).toHaveLength(2);
});

verifies('conversation:send-without-ids', 'a question that nobody asked for reaches the person, once', async () => {
  const world = await startWorld();
  await world.say('Hello');
  await world.run();
  const line = 'Book: Offsite';
  const proposals = [{ call: { callId: 'c1', name: 'book', arguments: '{"subject":"Offsite"}' }, line }];
  const asking = {
    personId: 'acme:person-ana',
    requestId: 'mcp-1',
    proposals,
    because: 'A program asks.',
    approvalMs: 3_600_000,
  };
  await askUnasked(world.ports, ref, asking);
  const wakeOnce = () => wake({ ...world.workOf(createLife(world.clock)), keepsIds: () => false }, ref);

  await wakeOnce();
  await wakeOnce();

  expect(world.shown().filter((text) => text.includes(line))).toHaveLength(1);
  expect(world.ports.messenger.lookedUp).toEqual([]);
  expect(world.documents('reply').find(({ unasked }) => unasked)).toMatchObject({ state: 'sent' });
});
