import { collectCases, Stored, type Case } from './cases.ts';
import { people } from '../sandbox/seed/people.ts';
import type { World } from './world.ts';

/** What may be found wrong, or is to be counted; in words for the report. */
export const verdicts = {
  lost: 'never answered',
  failed: 'failed for good',
  repeated: 'answered more than once',
  incomplete: 'answered in part, or its parts in disorder',
  stray: 'said, and recorded nowhere',
  disordered: 'answered out of order',
  doubled: 'written more than once',
  claimed: 'said to be written, and not written',
  untold: 'written, and not told',
  undone: 'not written, and not told why',
  refused: 'told not to be done',
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
  /** Parts that were sent again, and known by their id. */
  readonly resent: number;
  readonly findings: readonly Finding[];
}

/** Compares what was typed with what the phones show, the calendars hold and the documents say, once all is at rest. */
export function judge(world: World): Judgement {
  const documents = world.sandbox.cosmos.documents('conversations').map((document) => Stored.parse(document));
  const cases = collectCases(world, documents);
  const findings = [
    ...cases.flatMap(judgeOne),
    ...judgeOrder(cases),
    ...judgeChats(world, documents),
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
  return {
    messages: cases.length,
    answered: cases.filter(({ isTold }) => isTold).length,
    asked: asked.length,
    resent: world.crowd.flatMap(({ phone }) => world.sandbox.waha.chat(phone)).filter(({ sends }) => sends > 1).length,
    findings,
  };
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
  // Whatever goes wrong here goes by: nothing is to be given up.
  const found: Found[] = [];
  if (events > 1) found.push(['doubled', `${events} events`]);
  if (hasReceipt && events === 0) found.push(['claimed', 'no event']);
  if (events > 0 && !hasReceipt && !failure) found.push(['untold', `${events} events, no receipt`]);
  if (writing.includes(message.kind) && isTold && events === 0 && !hasReceipt && !isTheirTurn)
    found.push(['undone', 'no event, no word of it']);
  if (/^✗/m.test(text)) found.push(['refused', 'its receipt says so']);
  if (/^\? I cannot tell/m.test(text)) found.push(['unknown', 'its receipt says so']);
  return found;
}

const textOf = (replies: Case['replies']): string => [...replies.values()].map(({ text }) => text).join('\n');

/** What was asked for long ago is asked about before it is done. */
const isAskedFirst = (lines: readonly string[]): boolean => lines.some((line) => line.startsWith('• '));

/**
 * In each conversation, what was written first, arrived first and became durable first is answered first, also within one
 * answer.
 */
function judgeOrder(cases: readonly Case[]): Finding[] {
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
function isYounger(one: Case, other: Case): boolean {
  const [own, others] = [one, other].map(({ document }) => [document?.sentAt ?? 0, document?.arrivedAt ?? 0] as const);
  if (!own || !others) return false;
  return own[0] === others[0] ? own[1] > others[1] : own[0] > others[0];
}

/** Each part of a reply stands on a phone, once and in its order; whatever was said on a phone is part of a reply. */
function judgeChats({ sandbox, crowd }: World, documents: readonly Stored[]): Finding[] {
  const said = [...people, ...crowd].flatMap(({ phone }) => sandbox.waha.chat(phone).filter(({ fromMe }) => !fromMe));
  const places = new Map(said.map(({ id }, place) => [id, place]));
  const replies = documents.filter(({ type }) => type === 'reply');
  const recorded = new Set(replies.flatMap(({ parts = [] }) => parts.map(({ whatsappId }) => whatsappId)));
  return [
    ...replies.flatMap(({ id, conversationId, parts = [] }): Finding[] => {
      const shown = parts.map(({ whatsappId }) => places.get(whatsappId) ?? -1);
      const isWhole = shown.every((place, index) => place > (shown[index - 1] ?? -1));
      return isWhole ? [] : [{ verdict: 'incomplete', conversation: conversationId, tag: '', detail: `reply ${id}` }];
    }),
    ...said
      .filter(({ id }) => !recorded.has(id))
      .map(({ id }): Finding => ({ verdict: 'stray', conversation: '', tag: '', detail: `message ${id}` })),
  ];
}

function judgeDocument({ id, type, dueAt, owner, conversationId, parts = [] }: Stored): Finding[] {
  const found = (verdict: Verdict, detail: string): Finding[] => [{ verdict, conversation: conversationId, tag: '', detail }];
  return [
    ...(dueAt === undefined ? [] : found('stuck', `${type} ${id} is due`)),
    ...(type === 'lease' && typeof owner === 'string' ? found('stuck', 'its lease is held') : []),
    ...(parts.some(({ state }) => state === 'uncertain') ? found('uncertain', `${type} ${id}`) : []),
  ];
}
