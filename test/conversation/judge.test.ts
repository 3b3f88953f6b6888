import { expect } from 'vitest';
import { judge } from '../../shared/conversation/judge.ts';
import type { Partition } from '../../shared/ports/conversations.ts';
import type { MessageDocument } from '../../shared/ports/documents.ts';
import { messageOf, now, replyOf } from '../contract/conversations/implementations.ts';
import { verifies } from '../verifies.ts';

const none: Partition = {
  messages: [],
  calls: [],
  replies: [],
  memory: undefined,
  preferences: undefined,
  approvals: [],
  broken: [],
};
const minute = 60_000;
const ages = { proposeAfterMs: 15 * minute, maxAgeMs: 360 * minute };
const judged = (partition: Partial<Partition>) => {
  const next = judge({ ...none, ...partition }, now, ages);
  if (next.kind === 'command') return `${next.command} ${next.message.id}`;
  if (next.kind === 'erase') return `erase ${next.message.id}`;
  if (next.kind === 'send') return `send ${next.reply.id}`;
  return next.kind === 'turn' ? `turn ${next.messages.map(({ id }) => id).join(' ')}` : `rest ${(next.at ?? now) - now}`;
};
const later = (id: string, more: Partial<MessageDocument> = {}) => messageOf(id, { dueAt: now + 5_000, ...more });

verifies('conversation:burst', 'what names no turn is one turn, in order, twenty at most', () => {
  const burst = Array.from({ length: 25 }, (_, index) => messageOf(`m${index}`));

  expect(judged({ messages: burst })).toBe(
    `turn ${burst
      .slice(0, 20)
      .map(({ id }) => id)
      .join(' ')}`,
  );
});

verifies('conversation:burst', 'what was written a quarter of an hour after the first is the next turn', () => {
  const ago = (id: string, minutes: number) => messageOf(id, { sentAt: now - minutes * minute });

  expect(judged({ messages: [ago('a', 300), ago('b', 285), ago('c', 284), ago('d', 0)] })).toBe('turn a b');
  expect(judged({ messages: [ago('c', 284), ago('d', 0)] })).toBe('turn c');
});

verifies('limits:too-late', 'all that came too late is one turn, so that it is apologised for once', () => {
  const ago = (id: string, minutes: number) => messageOf(id, { sentAt: now - minutes * minute });

  expect(judged({ messages: [ago('a', 600), ago('b', 500), ago('c', 361), ago('d', 359), ago('e', 0)] })).toBe('turn a b c');
});

verifies('conversation:burst', 'a turn that has begun goes on with exactly the messages that name it', () => {
  const messages = [messageOf('new1'), messageOf('a', { turnId: 't1' }), messageOf('new2'), messageOf('b', { turnId: 't1' })];

  expect(judged({ messages })).toBe('turn a b');
});

verifies('conversation:parked', 'what is parked holds up what came later, until its time', () => {
  const parked = later('a', { turnId: 't1', attempt: 1 });

  expect(judged({ messages: [parked, messageOf('b')] })).toBe('rest 5000');
  expect(judged({ messages: [messageOf('a', { turnId: 't1', attempt: 1 }), messageOf('b')] })).toBe('turn a');
});

verifies('conversation:parked', 'a sign-in code passes what is parked, alone', () => {
  const messages = [later('a', { turnId: 't1' }), messageOf('b'), messageOf('urgent', { command: 'code' }), messageOf('c')];

  expect(judged({ messages })).toBe('turn urgent');
  expect(judged({ messages: [later('a', { turnId: 't1' }), later('urgent', { turnId: 't2', command: 'code' })] })).toBe(
    'rest 5000',
  );
});

verifies('conversation:parked', 'replies go before turns, in their order; a parked one holds the turns up', () => {
  const [first, second] = [replyOf('r1'), replyOf('r2', { createdAt: now + 1 })];

  expect(judged({ replies: [first, second], messages: [messageOf('a')] })).toBe('send r1');
  expect(judged({ replies: [replyOf('r1', { dueAt: now + 9_000 })], messages: [messageOf('a')] })).toBe('rest 9000');
  expect(judged({ replies: [replyOf('r1', { dueAt: now + 9_000 })], messages: [messageOf('urgent', { command: 'code' })] })).toBe(
    'turn urgent',
  );
});

verifies('conversation:overdue', 'with nothing due an extra bell changes nothing', () => {
  expect(judged({})).toBe('rest 0');
  expect(judged({ messages: [later('a')] })).toBe('rest 5000');
});
