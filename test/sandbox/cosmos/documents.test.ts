import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { refusalOf, startCosmos } from './start-cosmos.ts';

const message = { id: 'm1', conversationId: 'alice', type: 'message', text: 'olá ✓' };

verifies('cosmos:crud', 'creates once, and answers the system properties', async () => {
  const { conversations } = await startCosmos();

  const created = await conversations.items.create(message);
  const again = await refusalOf(conversations.items.create(message));

  expect(created.statusCode).toBe(201);
  expect(created.resource).toMatchObject(message);
  expect(created.resource?._self).toMatch(/^dbs\/.+\/colls\/.+\/docs\/.+\/$/);
  expect(created.resource?._etag).toBe(created.etag);
  expect(created.resource?._ts).toBeTypeOf('number');
  expect(again.status).toBe(409);
});

verifies('cosmos:crud', 'the same id lives once in each partition', async () => {
  const { conversations } = await startCosmos();
  await conversations.items.create({ ...message, text: 'hers' });

  await conversations.items.create({ ...message, conversationId: 'bob', text: 'his' });

  expect((await conversations.item('m1', 'alice').read()).resource).toMatchObject({ text: 'hers' });
  expect((await conversations.item('m1', 'bob').read()).resource).toMatchObject({ text: 'his' });
});

verifies('cosmos:crud', 'reading, replacing, patching and deleting what is not there', async () => {
  const { conversations } = await startCosmos();
  const missing = conversations.item('m1', 'alice');

  const read = await missing.read();
  const refused = [
    await refusalOf(missing.replace(message)),
    await refusalOf(missing.patch([{ op: 'set', path: '/a', value: 1 }])),
    await refusalOf(missing.delete()),
  ];

  expect([read.statusCode, read.resource]).toEqual([404, undefined]);
  expect(refused.map(({ status }) => status)).toEqual([404, 404, 404]);
});

verifies('cosmos:crud', 'replaces and deletes only what has the ETag', async () => {
  const { conversations } = await startCosmos();
  const { etag: first } = await conversations.items.create(message);
  const item = conversations.item('m1', 'alice');
  const onlyFirst = { accessCondition: { type: 'IfMatch', condition: first } };

  const replaced = await item.replace({ ...message, text: 'new' }, onlyFirst);
  const stale = [
    await refusalOf(item.replace({ ...message, text: 'lost' }, onlyFirst)),
    await refusalOf(conversations.items.upsert({ ...message, text: 'lost' }, onlyFirst)),
    await refusalOf(item.patch([{ op: 'set', path: '/text', value: 'lost' }], onlyFirst)),
    await refusalOf(item.delete(onlyFirst)),
  ];

  expect(replaced.statusCode).toBe(200);
  expect(replaced.etag).not.toBe(first);
  expect(stale.map(({ status }) => status)).toEqual([412, 412, 412, 412]);
  expect((await item.read()).resource).toMatchObject({ text: 'new' });
});

verifies('cosmos:crud', 'a read with If-None-Match answers 304 until the document changes', async () => {
  const { conversations } = await startCosmos();
  const { etag } = await conversations.items.create(message);
  const item = conversations.item('m1', 'alice');
  const unless = { accessCondition: { type: 'IfNoneMatch', condition: etag } };

  const unchanged = await item.read(unless);
  await item.replace({ ...message, text: 'new' });
  const changed = await item.read(unless);

  expect([unchanged.statusCode, unchanged.resource ?? undefined]).toEqual([304, undefined]);
  expect(changed.resource).toMatchObject({ text: 'new' });
});

verifies('cosmos:crud', 'upserts create, then replace the whole document', async () => {
  const { conversations } = await startCosmos();

  const first = await conversations.items.upsert(message);
  const second = await conversations.items.upsert({ id: 'm1', conversationId: 'alice', other: 1 });

  expect([first.statusCode, second.statusCode]).toEqual([201, 200]);
  expect(second.resource).not.toHaveProperty('text');
  expect(second.resource?._rid).toBe(first.resource?._rid);
});

verifies('cosmos:crud', 'refuses what is no document', async () => {
  const { conversations } = await startCosmos();
  const create = (body: object, options = {}) => refusalOf(conversations.items.create(body, options));

  const refused = [
    await create({ ...message, id: 'ends with a space ' }),
    await create({ conversationId: 'alice' }, { disableAutomaticIdGeneration: true }),
    await create({ ...message, ttl: 0 }),
    await create({ ...message, conversationId: { no: 'scalar' } }),
    await create({ ...message, text: 'x'.repeat(2 * 1024 * 1024) }),
  ];

  expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 413]);
  expect(refused[1]?.message).toContain('required properties');
});

verifies('cosmos:crud', 'ids with anything a path must encode', async () => {
  const { conversations } = await startCosmos();
  const ids = ['a:b', 'ü n%20ï', 'turn|1+2=3&4', '"quoted"'];
  for (const id of ids) await conversations.items.create({ id, conversationId: `of ${id}` });

  const read = await Promise.all(ids.map((id) => conversations.item(id, `of ${id}`).read()));

  expect(read.map(({ resource }) => (resource as { id: string } | undefined)?.id)).toEqual(ids);
});

verifies('cosmos:partition', 'a point operation in another partition does not find the document', async () => {
  const { conversations } = await startCosmos();
  await conversations.items.create(message);

  const read = await conversations.item('m1', 'bob').read();
  const replaced = await refusalOf(conversations.item('m1', 'bob').replace(message));

  expect(read.statusCode).toBe(404);
  expect(replaced).toMatchObject({ status: 400, substatus: 1001 });
});
