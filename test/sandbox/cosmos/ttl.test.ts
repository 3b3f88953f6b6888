import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { refusalOf, startCosmos } from './start-cosmos.ts';

const withTtl = (defaultTtl?: number) => [
  { name: 'conversations', partitionKey: '/conversationId', ...(defaultTtl !== undefined && { defaultTtl }) },
];
const idsOf = 'SELECT VALUE c.id FROM c';

verifies('cosmos:ttl', 'by the default of the container, the own ttl, and never', async () => {
  const { context, conversations } = await startCosmos({ containers: withTtl(60) });
  await conversations.items.create({ id: 'default', conversationId: 'alice' });
  await conversations.items.create({ id: 'shorter', conversationId: 'alice', ttl: 10 });
  await conversations.items.create({ id: 'never', conversationId: 'alice', ttl: -1 });
  const seen: unknown[] = [];

  for (const seconds of [9, 1, 50]) {
    context.clock.advance(seconds * 1_000);
    seen.push((await conversations.items.query(idsOf, { partitionKey: 'alice' }).fetchAll()).resources);
  }

  expect(seen).toEqual([['default', 'shorter', 'never'], ['default', 'never'], ['never']]);
});

verifies('cosmos:ttl', 'what has expired is gone for every operation, and may be created anew', async () => {
  const { context, conversations } = await startCosmos();
  const document = { id: 'm1', conversationId: 'alice', ttl: 5 };
  const { resource: first } = await conversations.items.create(document);
  const item = conversations.item('m1', 'alice');
  context.clock.advance(5_000);

  const read = await item.read();
  const refused = [
    await refusalOf(item.replace(document)),
    await refusalOf(item.patch([{ op: 'set', path: '/x', value: 1 }])),
    await refusalOf(item.delete()),
  ];
  const created = await conversations.items.create(document);

  expect(read.statusCode).toBe(404);
  expect(refused.map(({ status }) => status)).toEqual([404, 404, 404]);
  expect(created.statusCode).toBe(201);
  expect(created.resource?._rid).not.toBe(first?._rid);
});

verifies('cosmos:ttl', 'each write begins the time anew, and a patch may set it', async () => {
  const { context, conversations } = await startCosmos();
  await conversations.items.create({ id: 'm1', conversationId: 'alice', ttl: 5 });
  const item = conversations.item('m1', 'alice');

  context.clock.advance(4_000);
  await item.patch([{ op: 'set', path: '/ttl', value: 7 }]);
  context.clock.advance(6_000);
  const before = await item.read();
  context.clock.advance(1_000);
  const after = await item.read();

  expect([before.statusCode, after.statusCode]).toEqual([200, 404]);
});

verifies('cosmos:ttl', 'a container without TTL keeps what names one', async () => {
  const { context, conversations } = await startCosmos({ containers: withTtl() });
  await conversations.items.create({ id: 'm1', conversationId: 'alice', ttl: 5 });

  context.clock.advance(3_600_000);

  expect((await conversations.item('m1', 'alice').read()).statusCode).toBe(200);
});
