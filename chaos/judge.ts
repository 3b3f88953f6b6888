import { z } from 'zod';
import { deriveId } from '../shared/core/ids.ts';
import { organisation } from '../sandbox/seed/organisation.ts';
import { tagPattern } from './messages.ts';
import type { TypedMessage, World } from './world.ts';

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
  readonly findings: readonly Finding[];
}

const Stored = z.looseObject({
  id: z.string(),
  conversationId: z.string(),
  type: z.string(),
  dueAt: z.number().optional(),
  turnId: z.string().optional(),
  sentAt: z.number().optional(),
  arrivedAt: z.number().optional(),
  owner: z.string().nullish(),
  reason: z.string().optional(),
  parts: z.array(z.object({ whatsappId: z.string(), state: z.string() })).optional(),
});
type Stored = z.infer<typeof Stored>;

/** A message with all that became of it. */
interface Case {
  readonly message: TypedMessage;
  readonly document: Stored | undefined;
  /** The order in which it became durable. */
  readonly place: number;
  /** The replies on the phone that carry its tag, by the reply's document, in the order of the chat. */
  readonly replies: ReadonlyMap<string, { readonly place: number; readonly text: string }>;
  readonly isTold: boolean;
  readonly events: number;
  readonly failure: Stored | undefined;
}

/** Compares what was typed with what the phones show, the calendars hold and the documents say, once all is at rest. */
export function judge(world: World): Judgement {
  const documents = world.sandbox.cosmos.documents('conversations').map((document) => Stored.parse(document));
  const cases = casesOf(world, documents);
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
  return { messages: cases.length, answered: cases.filter(({ isTold }) => isTold).length, findings };
}

function casesOf({ sandbox, crowd, typed }: World, documents: readonly Stored[]): Case[] {
  const { workspace, waha } = organisation;
  const byId = new Map(documents.map((document, place) => [document.id, { document, place }]));
  const failures = new Map(documents.flatMap((document) => (document.type === 'failure' ? [[document.turnId, document]] : [])));
  const replyOf = new Map(
    documents.flatMap(({ id, turnId, parts = [] }) => parts.map(({ whatsappId }) => [whatsappId, { id, turnId }] as const)),
  );
  const chats = new Map(crowd.map(({ phone }) => [phone, sandbox.waha.chat(phone).filter(({ fromMe }) => !fromMe)]));
  const events = countEvents(crowd.flatMap(({ email }) => sandbox.msgraph.events(email)));
  return typed.map((message) => {
    const found = byId.get(deriveId(workspace, waha.wahaSession, 'message', 'in', message.id));
    const replies = new Map<string, { place: number; text: string }>();
    let isTold = false;
    for (const [place, { id, text }] of (chats.get(message.phone) ?? []).entries()) {
      const reply = replyOf.get(id);
      const isOfTurn = reply?.turnId !== undefined && reply.turnId === found?.document.turnId;
      if (isOfTurn && message.kind === 'boast' && text.startsWith('I have not done that')) isTold = true;
      if (!text.includes(message.tag)) continue;
      isTold = true;
      const key = reply?.id ?? id;
      const before = replies.get(key);
      replies.set(key, { place: before?.place ?? place, text: `${before?.text ?? ''}${text}` });
    }
    const failure = found?.document.turnId === undefined ? undefined : failures.get(found.document.turnId);
    return {
      ...{ message, replies, isTold, failure },
      ...{ document: found?.document, place: found?.place ?? -1, events: events.get(message.tag) ?? 0 },
    };
  });
}

function countEvents(events: readonly Record<string, unknown>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { subject } of events) {
    for (const tag of String(subject).match(tagPattern) ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return counts;
}

const writing = ['arrange', 'both'];

function judgeOne({ message, document, replies, isTold, events, failure }: Case): Finding[] {
  const { tag, kind, phone } = message;
  const found = (verdict: Verdict, detail: string): Finding[] => [
    { verdict, tag, detail: `${kind}: ${detail}`, conversation: document?.conversationId ?? `the chat with ${phone}` },
  ];
  const text = [...replies.values()].map((reply) => reply.text).join('\n');
  const lines = text.split('\n').filter((line) => line.includes(tag));
  const receipt = lines.some((line) => line.startsWith('✓'));
  const isWrite = writing.includes(kind);
  return [
    ...(failure ? found('failed', String(failure.reason)) : []),
    ...(isTold || failure ? [] : found('lost', document ? `its turn is ${document.turnId ?? 'none'}` : 'it was never stored')),
    ...(replies.size > 1 ? found('repeated', [...replies.keys()].join(', ')) : []),
    ...(events > 1 ? found('doubled', `${events} events`) : []),
    ...(receipt && events === 0 ? found('claimed', 'no event') : []),
    ...(events > 0 && !receipt && !failure ? found('untold', `${events} events, no receipt`) : []),
    ...(isWrite && isTold && events === 0 && !receipt && !/^[✗?]/m.test(text) ? found('undone', 'no event, no word of it') : []),
    ...(/^\? I cannot tell/m.test(text) ? found('unknown', 'its receipt says so') : []),
  ];
}

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
