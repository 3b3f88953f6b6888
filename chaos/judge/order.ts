import type { Case } from './cases.ts';
import type { Finding } from './verdicts.ts';

/**
 * In each conversation, what was written first, arrived first and became durable first is answered first, also within one
 * answer.
 */
export function judgeOrder(cases: readonly Case[]): Finding[] {
  const byChat = Map.groupBy(
    cases.filter(({ document, replies }) => document && replies.size > 0),
    ({ document }) => document?.conversationId,
  );
  return [...byChat.values()].flatMap((chat) => {
    const inOrder = chat.toSorted((a, b) => a.place - b.place);
    return inOrder.flatMap((one, index) => {
      const before = inOrder.slice(0, index).find((other) => isAnsweredBefore(one, other));
      return before ? [disordered(one, before)] : [];
    });
  });
}

/** Whether what came later was answered first. */
function isAnsweredBefore(one: Case, other: Case): boolean {
  if (!isYounger(one, other)) return false;
  const [own, others] = [firstOf(one), firstOf(other)];
  if (own.place !== others.place) return own.place < others.place;
  return own.text.indexOf(one.message.tag) < others.text.indexOf(other.message.tag);
}

const firstOf = ({ replies }: Case) => [...replies.values()][0] ?? { place: 0, text: '' };

function disordered({ message, document }: Case, before: Case): Finding {
  const detail = `answered before ${before.message.tag}`;
  return { verdict: 'disordered', tag: message.tag, conversation: document?.conversationId ?? '', detail };
}

/** By WhatsApp's timestamp, which counts seconds, then by arrival; what came in one moment has no order. */
function isYounger({ document: own }: Case, { document: other }: Case): boolean {
  if (!own || !other) return false;
  const seconds = (own.sentAt ?? 0) - (other.sentAt ?? 0);
  return seconds === 0 ? (own.arrivedAt ?? 0) > (other.arrivedAt ?? 0) : seconds > 0;
}
