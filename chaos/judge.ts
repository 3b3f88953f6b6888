import { collectCases, Stored, type Case } from './cases.ts';
import type { World } from './world.ts';

/** What may be found wrong, or is to be counted; in words for the report. */
export const verdicts = {
  lost: 'never answered',
  failed: 'failed for good',
  repeated: 'answered more than once',
  disordered: 'answered out of order',
  doubled: 'written more than once',
  claimed: 'said to be written, and not written',
  untold: 'written, and not told',
  undone: 'not written, and not told why',
  uncertain: 'sent with an unknown outcome',
  unknown: 'written with an unknown outcome',
  dead: 'bells in the dead letters',
  stuck: 'still due, or still held',
} as const;
export type Verdict = keyof typeof verdicts;

/** One thing that is not as it must be, with where to look. */
export interface Finding {
  readonly verdict: Verdict;
  readonly conversation: string;
  readonly tag: string;
  readonly detail: string;
}

export interface Judgement {
  readonly messages: number;
  readonly answered: number;
  /** Writes that waited so long that the person was asked first. */
  readonly asked: number;
  readonly findings: readonly Finding[];
}

/** Compares what was typed with what the phones show, the calendars hold and the documents say, once all is at rest. */
export function judge(world: World): Judgement {
  const documents = world.sandbox.cosmos.documents('conversations').map((document) => Stored.parse(document));
  const cases = collectCases(world, documents);
  const findings = [
    ...cases.flatMap(judgeOne),
    ...judgeOrder(cases),
    ...documents.flatMap(judgeDocument),
    ...world.sandbox.servicebus
      .queues()
      .flatMap(({ name, deadLettered }) =>
        Array.from({ length: deadLettered }, (): Finding => ({ verdict: 'dead', conversation: name, tag: '', detail: '' })),
      ),
  ];
  const asked = cases.filter(({ message, replies }) =>
    isAskedFirst(
      textOf(replies)
        .split('\n')
        .filter((line) => line.includes(message.tag)),
    ),
  );
  return { messages: cases.length, answered: cases.filter(({ isTold }) => isTold).length, asked: asked.length, findings };
}

const writing = ['arrange', 'both'];

function judgeOne(one: Case): Finding[] {
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

function judgeWrite({ message, replies, isTold, events, failure }: Case): Found[] {
  const text = textOf(replies);
  const lines = text.split('\n').filter((line) => line.includes(message.tag));
  const hasReceipt = lines.some((line) => line.startsWith('✓'));
  const isTheirTurn = isAskedFirst(lines) || /^[✗?]/m.test(text);
  const found: Found[] = [];
  if (events > 1) found.push(['doubled', `${events} events`]);
  if (hasReceipt && events === 0) found.push(['claimed', 'no event']);
  if (events > 0 && !hasReceipt && !failure) found.push(['untold', `${events} events, no receipt`]);
  if (writing.includes(message.kind) && isTold && events === 0 && !hasReceipt && !isTheirTurn)
    found.push(['undone', 'no event, no word of it']);
  if (/^\? I cannot tell/m.test(text)) found.push(['unknown', 'its receipt says so']);
  return found;
}

const textOf = (replies: Case['replies']): string => [...replies.values()].map(({ text }) => text).join('\n');

/** What was asked for long ago is asked about before it is done. */
const isAskedFirst = (lines: readonly string[]): boolean => lines.some((line) => line.startsWith('• '));

/** In each chat, what became durable first is answered first; within an answer, what was written first stands first. */
function judgeOrder(cases: readonly Case[]): Finding[] {
  const byChat = Map.groupBy(
    cases.filter(({ document, replies }) => document && replies.size > 0),
    ({ message }) => message.phone,
  );
  return [...byChat.values()].flatMap((chat) => {
    const inOrder = chat.toSorted((a, b) => a.place - b.place);
    return inOrder.flatMap((one, index) => {
      const before = inOrder[index - 1];
      return before && isBefore(one, before) ? [disordered(one, before)] : [];
    });
  });
}

function isBefore(one: Case, other: Case): boolean {
  const [own, others] = [firstOf(one), firstOf(other)];
  if (own.place !== others.place) return own.place < others.place;
  const isWrittenLater = (one.document?.sentAt ?? 0) >= (other.document?.sentAt ?? 0);
  return isWrittenLater && own.text.indexOf(one.message.tag) < others.text.indexOf(other.message.tag);
}

const firstOf = ({ replies }: Case) => [...replies.values()][0] ?? { place: 0, text: '' };

function disordered({ message, document }: Case, before: Case): Finding {
  const detail = `answered before ${before.message.tag}`;
  return { verdict: 'disordered', tag: message.tag, conversation: document?.conversationId ?? '', detail };
}

function judgeDocument({ id, type, dueAt, owner, conversationId, parts = [] }: Stored): Finding[] {
  const found = (verdict: Verdict, detail: string): Finding[] => [{ verdict, conversation: conversationId, tag: '', detail }];
  return [
    ...(dueAt === undefined ? [] : found('stuck', `${type} ${id} is due`)),
    ...(type === 'lease' && typeof owner === 'string' ? found('stuck', 'its lease is held') : []),
    ...(parts.some(({ state }) => state === 'uncertain') ? found('uncertain', `${type} ${id}`) : []),
  ];
}
