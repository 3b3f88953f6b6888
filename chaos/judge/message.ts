import type { Case } from './cases.ts';
import type { Finding, Verdict } from './verdicts.ts';

const writing = ['arrange', 'both'];

/** What is wrong with the answer to one message, and with what it asked to be written. */
export function judgeMessage(one: Case): Finding[] {
  const { tag, kind, phone } = one.message;
  const conversation = one.document?.conversationId ?? `the chat with ${phone}`;
  return [...judgeAnswer(one), ...judgeWrite(one)].map(([verdict, detail]) => ({
    ...{ verdict, tag, conversation },
    detail: `${kind}: ${detail}`,
  }));
}

type Found = [verdict: Verdict, detail: string];

function judgeAnswer({ document, replies, isTold, failure }: Case): Found[] {
  const found: Found[] = [];
  if (failure) found.push(['failed', String(failure.reason)]);
  else if (!isTold) found.push(['lost', document ? `its turn is ${document.turnId ?? 'none'}` : 'it was never stored']);
  if (replies.size > 1) found.push(['repeated', [...replies.keys()].join(', ')]);
  return found;
}

function judgeWrite(one: Case): Found[] {
  const { message, isTold, events, failure } = one;
  const text = textOf(one);
  const hasReceipt = linesOf(one).some((line) => line.startsWith('✓'));
  const isTheirTurn = isAskedFirst(one) || /^[✗?]/m.test(text);
  const found: Found[] = [];
  if (events > 1) found.push(['doubled', `${events} events`]);
  if (hasReceipt && events === 0) found.push(['claimed', 'no event']);
  if (events > 0 && !hasReceipt && !failure) found.push(['untold', `${events} events, no receipt`]);
  if (writing.includes(message.kind) && isTold && events === 0 && !hasReceipt && !isTheirTurn)
    found.push(['undone', 'no event, no word of it']);
  // Whatever goes wrong here goes by: nothing is to be given up.
  if (/^✗/m.test(text)) found.push(['refused', 'its receipt says so']);
  if (/^\? I cannot tell/m.test(text)) found.push(['unknown', 'its receipt says so']);
  return found;
}

/** Whether the person was asked before it was done, as they are about what they asked for long ago. */
export function isAskedFirst(one: Case): boolean {
  return linesOf(one).some((line) => line.startsWith('• '));
}

const textOf = ({ replies }: Case): string => [...replies.values()].map(({ text }) => text).join('\n');

/** The lines that carry the message's tag. */
const linesOf = (one: Case): string[] =>
  textOf(one)
    .split('\n')
    .filter((line) => line.includes(one.message.tag));
