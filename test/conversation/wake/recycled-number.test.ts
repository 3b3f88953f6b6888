import { expect } from 'vitest';
import { messageOf } from '../../contract/conversations/implementations.ts';
import { verifies } from '../../verifies.ts';
import { ref, startWorld } from './world.ts';

verifies(
  'conversation:identity-pairs',
  'a number that went to somebody else takes no reply of its former owner with it',
  async () => {
    const world = await startWorld();
    const { conversations, identities } = world.ports;
    const now = world.clock.now();
    await identities.claim({
      id: world.indexes.phone('+15550100001'),
      workspace: ref.workspace,
      kind: 'phone',
      conversationId: 'acme:somebody-else',
      createdAt: 0,
    });
    const key = await world.ports.dataKeys.keyFor(ref.conversationId);
    await conversations.storeMessage({
      ...{ ...messageOf('m1'), ...ref, sentAt: now, arrivedAt: now, dueAt: now },
      sealed: key.seal({ text: 'Who am I?', chatId: '15550100001@c.us', lid: '271828182845901', phone: '+15550100001' }, 'm1'),
    });
    await world.ports.bell.ring(ref);

    await world.run();

    expect(world.shown()).toEqual([]);
    expect(world.documents('reply')).toMatchObject([{ state: 'dropped' }]);
    expect(world.unfinished()).toEqual([]);
  },
);
