import type { PatchOperation } from '@azure/cosmos';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { refusalOf, startCosmos } from './start-cosmos.ts';

const lease = { id: 'lease', conversationId: 'alice', owner: null, epoch: 3, until: 1_000, tags: ['a', 'b'], deep: { x: 1 } };

async function startWithLease() {
  const started = await startCosmos();
  await started.conversations.items.create(lease);
  return { ...started, item: started.conversations.item('lease', 'alice') };
}

// The service knows it, the client's types do not.
const move = { op: 'move', from: '/owner', path: '/previous' } as unknown as PatchOperation;

verifies('cosmos:patch', 'applies each kind of operation in order', async () => {
  const { item } = await startWithLease();

  const patched = await item.patch([
    { op: 'add', path: '/tags/1', value: 'between' },
    { op: 'add', path: '/tags/-', value: 'last' },
    { op: 'set', path: '/tags/0', value: 'first' },
    { op: 'replace', path: '/deep/x', value: { y: 2 } },
    { op: 'set', path: '/deep/x/z', value: null },
    { op: 'remove', path: '/until' },
    { op: 'incr', path: '/epoch', value: 2 },
    { op: 'incr', path: '/attempts', value: 1 },
    move,
  ]);

  expect(patched.statusCode).toBe(200);
  expect(patched.resource).toMatchObject({
    tags: ['first', 'between', 'b', 'last'],
    deep: { x: { y: 2, z: null } },
    epoch: 5,
    attempts: 1,
    previous: null,
  });
  expect(patched.resource).not.toHaveProperty('until');
  expect(patched.resource).not.toHaveProperty('owner');
});

verifies('cosmos:patch', 'takes a lease while its condition holds, and answers 412 once it does not', async () => {
  const { item } = await startWithLease();
  const take = (owner: string) =>
    item.patch({
      condition: 'FROM c WHERE (c.until < 2000 OR c.owner = null) AND NOT IS_DEFINED(c.erased)',
      operations: [
        { op: 'set', path: '/owner', value: owner },
        { op: 'incr', path: '/epoch', value: 1 },
        { op: 'set', path: '/until', value: 5_000 },
      ],
    });

  const taken = await take('first');
  const refused = await refusalOf(take('second'));

  expect(taken.resource).toMatchObject({ owner: 'first', epoch: 4, until: 5_000 });
  expect(refused.status).toBe(412);
  expect((await item.read()).resource).toMatchObject({ owner: 'first', epoch: 4 });
});

verifies('cosmos:patch', 'an operation that cannot be done leaves the document as it was', async () => {
  const { item } = await startWithLease();
  const patch = (operation: PatchOperation) => refusalOf(item.patch([{ op: 'set', path: '/touched', value: true }, operation]));

  const refused = [
    await patch({ op: 'replace', path: '/absent', value: 1 }),
    await patch({ op: 'remove', path: '/absent' }),
    await patch({ op: 'add', path: '/absent/leaf', value: 1 }),
    await patch({ op: 'add', path: '/tags/9', value: 1 }),
    await patch({ op: 'incr', path: '/tags', value: 1 }),
    await patch({ op: 'set', path: '/id', value: 'other' }),
    await patch({ op: 'set', path: '/conversationId', value: 'bob' }),
    await patch({ op: 'set', path: '/ttl', value: 'soon' }),
  ];

  expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 400));
  expect(refused[2]?.message).toContain("no path found beyond: 'absent'");
  expect((await item.read()).resource).not.toHaveProperty('touched');
});

verifies('cosmos:patch', 'refuses more than ten operations and a condition it cannot read', async () => {
  const { item } = await startWithLease();
  const eleven = Array.from({ length: 11 }, (_, n): PatchOperation => ({ op: 'set', path: `/n${n}`, value: n }));

  const tooMany = await refusalOf(item.patch(eleven));
  const unreadable = await refusalOf(item.patch({ condition: 'WHERE c.x = 1', operations: eleven.slice(0, 1) }));

  expect([tooMany.status, unreadable.status]).toEqual([400, 400]);
  expect(unreadable.message).toContain("near 'WHERE'");
});
