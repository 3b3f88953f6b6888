import { z } from 'zod';
import { deriveId } from '../../shared/core/ids.ts';
import { organisation } from '../../sandbox/seed/organisation.ts';
import { tagPattern } from '../messages.ts';
import type { TypedMessage, World } from '../world.ts';

/** As much of a document of a conversation as the judge looks at; what it holds for people is sealed. */
export const Stored = z.looseObject({
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
export type Stored = z.infer<typeof Stored>;

/** A message with all that became of it. */
export interface Case {
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

/** What the documents say, found by what the judge has in hand. */
interface Files {
  readonly messages: ReadonlyMap<string, { readonly document: Stored; readonly place: number }>;
  readonly failures: ReadonlyMap<string | undefined, Stored>;
  /** The reply that a message on a phone is part of, by WhatsApp's id. */
  readonly replies: ReadonlyMap<string, { readonly id: string; readonly turnId: string | undefined }>;
}

/** The id of a message's document. */
export function messageKeyOf({ id }: Pick<TypedMessage, 'id'>): string {
  return deriveId(organisation.workspace, organisation.waha.wahaSession, 'message', 'in', id);
}

/** Everything that was typed, with all that became of it. */
export function collectCases(
  { sandbox, crowd, typed }: Pick<World, 'sandbox' | 'crowd' | 'typed'>,
  documents: readonly Stored[],
): Case[] {
  const files = fileAll(documents);
  const chats = new Map(crowd.map(({ phone }) => [phone, sandbox.waha.chat(phone).filter(({ fromMe }) => !fromMe)]));
  const events = countEvents(crowd.flatMap(({ email }) => sandbox.msgraph.events(email)));
  return typed.map((message): Case => {
    const found = files.messages.get(messageKeyOf(message));
    const failure = found?.document.turnId === undefined ? undefined : files.failures.get(found.document.turnId);
    const shown = readChat(chats.get(message.phone) ?? [], { message, files, turnId: found?.document.turnId });
    return {
      ...{ message, failure, ...shown },
      ...{ document: found?.document, place: found?.place ?? -1, events: events.get(message.tag) ?? 0 },
    };
  });
}

function fileAll(documents: readonly Stored[]): Files {
  const parts = documents.flatMap(({ id, turnId, parts = [] }) =>
    parts.map(({ whatsappId }) => [whatsappId, { id, turnId }] as const),
  );
  return {
    messages: new Map(documents.map((document, place) => [document.id, { document, place }])),
    failures: new Map(documents.flatMap((document) => (document.type === 'failure' ? [[document.turnId, document]] : []))),
    replies: new Map(parts),
  };
}

/** What stands in a chat about a message: by its tag, and for a boast by the words that put it right. */
function readChat(
  chat: readonly { readonly id: string; readonly text: string }[],
  { message, files, turnId }: { message: TypedMessage; files: Files; turnId: string | undefined },
): Pick<Case, 'replies' | 'isTold'> {
  const replies = new Map<string, { place: number; text: string }>();
  let isPutRight = false;
  for (const [place, { id, text }] of chat.entries()) {
    const reply = files.replies.get(id);
    const isOfTurn = turnId !== undefined && reply?.turnId === turnId;
    if (isOfTurn && message.kind === 'boast' && text.startsWith('I have not done that')) isPutRight = true;
    if (!text.includes(message.tag)) continue;
    const key = reply?.id ?? id;
    const before = replies.get(key);
    replies.set(key, { place: before?.place ?? place, text: `${before?.text ?? ''}${text}` });
  }
  return { replies, isTold: isPutRight || replies.size > 0 };
}

function countEvents(events: readonly Record<string, unknown>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { subject } of events) {
    for (const tag of String(subject).match(tagPattern) ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return counts;
}
