import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { refusalOf, startCosmos } from './start-cosmos.ts';

const staleReadMs = 60_000; // real time cannot pass it in a test; the sandbox's clock is moved past it
const document = { id: 'm1', conversationId: 'alice', text: 'old' };
const texts = 'SELECT VALUE c.text FROM c';

async function startWithSettledDocument() {
  const started = await startCosmos({ staleReadMs });
  await started.conversations.items.create(document);
  started.context.clock.advance(staleReadMs);
  return started;
}

verifies('cosmos:session-token', 'a client with Session consistency sees its own writes, in reads and queries', async () => {
  const { conversations } = await startWithSettledDocument();

  await conversations.item('m1', 'alice').replace({ ...document, text: 'new' });
  await conversations.items.create({ ...document, id: 'm2', text: 'second' });
  const read = await conversations.item('m1', 'alice').read();
  const queried = await conversations.items.query(texts, { partitionKey: 'alice' }).fetchAll();

  expect(read.resource).toMatchObject({ text: 'new' });
  expect(queried.resources).toEqual(['new', 'second']);
});

verifies('cosmos:session-token', 'without a token, or with an older one, the state of a moment ago is read', async () => {
  const { context, conversations, connect } = await startWithSettledDocument();
  const [tokenless, other] = [connect({ consistencyLevel: 'Eventual' }), connect()];
  const readBy = async (container: typeof other) => {
    const read = await container.item('m1', 'alice').read<{ text: string }>();
    const queried = await container.items.query<string>(`${texts} ORDER BY c.id`, { partitionKey: 'alice' }).fetchAll();
    return [read.resource?.text, ...queried.resources];
  };
  await readBy(other);

  await conversations.item('m1', 'alice').patch([{ op: 'set', path: '/text', value: 'newer' }]);
  await conversations.item('m1', 'alice').patch([{ op: 'set', path: '/text', value: 'newest' }]);
  await conversations.items.create({ ...document, id: 'm2', text: 'second' });
  const soon = [await readBy(tokenless), await readBy(other)];
  context.clock.advance(staleReadMs);
  const later = [await readBy(tokenless), await readBy(other)];

  expect(soon).toEqual([
    ['old', 'old'],
    ['old', 'old'],
  ]);
  expect(later).toEqual([
    ['newest', 'newest', 'second'],
    ['newest', 'newest', 'second'],
  ]);
});

verifies('cosmos:session-token', 'a document deleted a moment ago is still read, one created is not', async () => {
  const { conversations, connect } = await startWithSettledDocument();
  const other = connect();

  await conversations.item('m1', 'alice').delete();
  await conversations.items.create({ ...document, id: 'm2' });

  expect((await other.item('m1', 'alice').read()).statusCode).toBe(200);
  expect((await other.item('m2', 'alice').read()).statusCode).toBe(404);
  expect((await other.item('m2', 'alice').read()).statusCode).toBe(404);
});

verifies('cosmos:session-token', 'a batch is seen whole or not at all', async () => {
  const { conversations, connect } = await startWithSettledDocument();
  const create = (id: string) => ({ operationType: 'Create' as const, resourceBody: { ...document, id, text: id } });
  const count = (container: typeof conversations) =>
    container.items.query<number>('SELECT VALUE COUNT(1) FROM c', { partitionKey: 'alice' }).fetchAll();

  await conversations.items.batch([create('m2'), create('m3')], 'alice');
  const [own, others] = [await count(conversations), await count(connect())];

  expect([own.resources, others.resources]).toEqual([[3], [1]]);
});

verifies(
  'cosmos:session-token',
  'writes and conditions are judged on the newest state, and a refusal brings its token',
  async () => {
    const { conversations, connect } = await startWithSettledDocument();
    const other = connect();
    const { etag: old } = await other.item('m1', 'alice').read();
    await conversations.item('m1', 'alice').patch([{ op: 'set', path: '/text', value: 'new' }]);

    const refused = [
      await refusalOf(other.item('m1', 'alice').replace(document, { accessCondition: { type: 'IfMatch', condition: old } })),
      await refusalOf(
        other
          .item('m1', 'alice')
          .patch({ condition: 'FROM c WHERE c.text = "old"', operations: [{ op: 'incr', path: '/n', value: 1 }] }),
      ),
    ];
    const read = await other.item('m1', 'alice').read();

    expect(refused.map(({ status }) => status)).toEqual([412, 412]);
    expect(read.resource).toMatchObject({ text: 'new' });
  },
);

verifies('cosmos:session-token', 'a token from the future is answered 404/1002, and the client drops it', async () => {
  const { context, conversations } = await startWithSettledDocument();

  const read = await conversations.item('m1', 'alice').read({ sessionToken: '0:-1#99' });
  const bad = await refusalOf(conversations.item('m1', 'alice').read({ sessionToken: 'nonsense' }));

  const reads = context.journal.entries('cosmos').filter(({ path }) => path.endsWith('/docs/m1'));
  expect(reads.map(({ status, headers }) => [status, headers['x-ms-session-token']])).toEqual([
    [404, '0:-1#99'],
    [200, undefined],
    [400, 'nonsense'],
  ]);
  expect(read.statusCode).toBe(200);
  expect(bad.status).toBe(400);
});
