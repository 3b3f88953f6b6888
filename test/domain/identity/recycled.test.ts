import { expect } from 'vitest';
import { isChatOf } from '../../../shared/domain/identity/index.ts';
import { verifies } from '../../verifies.ts';
import { byBoth, byLid, byPhone, lid, phone, startPairs } from './pairs.ts';

const stranger = '999999999999999';

verifies(
  'conversation:identity-pairs',
  'a known phone with another lid opens a new conversation, without the person',
  async () => {
    const { write, link, identityOf } = startPairs();
    const before = await write(byBoth, 'A');
    link(byLid, 'ana');
    link(byPhone, 'ana');

    const recycled = await write({ lid: stranger, phone }, 'B');
    const byNumberAlone = await write(byPhone, 'C');

    expect(recycled.conversationId).not.toBe(before.conversationId);
    expect(byNumberAlone.conversationId).toBe(recycled.conversationId);
    expect(identityOf(byPhone)?.personId).toBeUndefined();
    expect(identityOf({ lid: stranger })?.personId).toBeUndefined();
    expect(identityOf(byLid)).toMatchObject({ personId: 'ana', conversationId: before.conversationId });
  },
);

verifies(
  'conversation:identity-pairs',
  'the chat that lost its number no longer goes by it: what was to be sent there is not theirs to read',
  async () => {
    const { write, link, identities, indexes, identityOf } = startPairs();
    const { conversationId } = await write(byBoth, 'A');
    link(byLid, 'ana');
    link(byPhone, 'ana');
    const isTheirs = (chatId: string, where = conversationId) =>
      isChatOf({ identities }, indexes, { chatId, conversationId: where });
    const byNumber = `${phone.slice(1)}@c.us`;
    const before = await isTheirs(byNumber);

    const recycled = await write({ lid: stranger, phone }, 'B');

    expect(identityOf(byLid)).not.toHaveProperty('pair');
    expect([before, await isTheirs(byNumber)]).toEqual([true, false]);
    expect(await isTheirs(byNumber, recycled.conversationId)).toBe(true);
    expect([await isTheirs(`${lid}@lid`), await isTheirs('15550109999@c.us')]).toEqual([true, true]);
  },
);

verifies(
  'conversation:identity-pairs',
  'a number that was left, and one that is somebody else by now, is no chat of theirs',
  async () => {
    const { write, identities, indexes } = startPairs();
    const { conversationId } = await write(byBoth, 'A');

    await write({ lid, phone: '+15550107777' }, 'B');

    const isTheirs = (chatId: string) => isChatOf({ identities }, indexes, { chatId, conversationId });
    expect([await isTheirs(`${phone.slice(1)}@c.us`), await isTheirs('15550107777@s.whatsapp.net')]).toEqual([false, true]);
  },
);

verifies('conversation:identity-pairs', 'parallel messages of the new owner agree on the new conversation', async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { write, link } = startPairs(seed);
    const before = await write(byBoth, 'A');
    link(byLid, 'ana');
    link(byPhone, 'ana');

    const answers = await Promise.all(['B', 'C', 'C', 'D'].map((id) => write({ lid: stranger, phone }, id)));

    expect(new Set(answers.map(({ conversationId }) => conversationId)).size).toBe(1);
    expect(answers[0]?.conversationId).not.toBe(before.conversationId);
    expect(answers.filter(({ outcome }) => outcome === 'stored')).toHaveLength(3);
  }
});

verifies(
  'conversation:identity-pairs',
  'a person with a new number stays who they are, and leaves the old one behind',
  async () => {
    const { write, link, identityOf } = startPairs();
    const before = await write(byBoth, 'A');
    link(byLid, 'ana');
    link(byPhone, 'ana');

    const moved = await write({ lid, phone: '+15550107777' }, 'B');
    const oldNumber = await write(byPhone, 'C');

    expect(moved.conversationId).toBe(before.conversationId);
    expect(identityOf({ phone: '+15550107777' })).toMatchObject({ personId: 'ana', conversationId: before.conversationId });
    expect(oldNumber.conversationId).not.toBe(before.conversationId);
    expect(identityOf(byPhone)).not.toHaveProperty('personId');
  },
);

verifies(
  'conversation:identity-pairs',
  'of two conversations of one person the one with the person wins, else the older',
  async () => {
    const linked = startPairs();
    await linked.write(byLid, 'A');
    linked.clock.advance(1_000);
    const withPerson = await linked.write(byPhone, 'B');
    linked.link(byPhone, 'ana');
    const older = startPairs();
    const first = await older.write(byPhone, 'A');
    older.clock.advance(1_000);
    await older.write(byLid, 'B');

    const answers = [await linked.write(byBoth, 'C'), await older.write(byBoth, 'C')];

    expect(answers.map(({ conversationId }) => conversationId)).toEqual([withPerson.conversationId, first.conversationId]);
    expect(linked.identityOf(byLid)?.personId).toBe('ana');
  },
);
