import { asAppError } from '../core/errors.ts';
import { deriveId } from '../core/ids.ts';
import type { BlindIndexes, ChatNames } from '../domain/identity/index.ts';
import { claimMessage, leaveErased, resolveConversation } from '../domain/identity/index.ts';
import type { MessageContent, MessageDocument } from '../ports/documents.ts';
import type { Ports } from '../ports/index.ts';
import type { IncomingMessage } from '../ports/webhook-reader.ts';
import { count, currentTraceparent } from '../telemetry/index.ts';
import { readCommand } from './commands.ts';
import type { ConversationSettings } from './settings.ts';

export type StorePorts = Pick<Ports, 'clock' | 'conversations' | 'dataKeys' | 'identities' | 'messenger'>;

export interface StoreOptions {
  readonly settings: Pick<ConversationSettings, 'workspace' | 'maxAgeMs'>;
  readonly indexes: BlindIndexes;
}

export interface Stored {
  /** `erased`: dated before the erasure of its conversation; `erasing`: dated after one that is not done. */
  readonly outcome: 'stored' | 'seen' | 'full' | 'erased' | 'erasing';
  readonly conversationId: string;
}

type Incoming = { readonly message: IncomingMessage; readonly signal: AbortSignal };

// Once as it is remembered, once as it is: more only where one is erased after the other.
const maxConversations = 3;

/**
 * Makes a message durable in the conversation of whoever wrote it, once. Where that is erased, its lease says up to when;
 * what is dated later goes into the conversation after it.
 */
export async function storeMessage(ports: StorePorts, options: StoreOptions, given: Incoming): Promise<Stored> {
  const { workspace } = options.settings;
  const { message, signal } = given;
  let erased: string | undefined;
  for (let tries = 1; ; tries += 1) {
    const { outcome, conversationId, names } = await tryToStore(ports, options, { ...given, erased });
    if (outcome !== 'shut') return { outcome, conversationId };
    const erasure = await ports.conversations.findErasure({ workspace, conversationId }, signal);
    if (erasure && message.sentAt <= erasure.at) return { outcome: 'erased', conversationId };
    if (erasure?.state !== 'done' || tries === maxConversations) return { outcome: 'erasing', conversationId };
    // Names that are remembered from a moment ago may lead to what is erased by now: this reads them anew.
    await leaveErased(
      ports,
      { workspace, conversationIds: [conversationId], erasedAt: erasure.at },
      { names: indexesOf(options, names), signal },
    );
    erased = conversationId;
  }
}

/** @param given.erased The conversation that turned out to be erased. */
async function tryToStore(
  ports: StorePorts,
  options: StoreOptions,
  { message, erased, signal }: Incoming & { erased: string | undefined },
): Promise<{ outcome: 'stored' | 'seen' | 'full' | 'erased' | 'shut'; conversationId: string; names: ChatNames }> {
  const { workspace } = options.settings;
  const messageKey = messageKeyOf(workspace, message);
  const resolved = await resolveConversation(ports, options.indexes, { names: message, signal });
  const { names, after, erasedAt } = resolved;
  if (erasedAt !== undefined && message.sentAt <= erasedAt)
    return { outcome: 'erased', conversationId: resolved.conversationId, names };
  const conversationId = resolved.isSettled
    ? resolved.conversationId
    : await claimMessage(ports, { workspace, messageKey, conversationId: resolved.conversationId, erased, signal });
  try {
    const sealed = { workspace, conversationId, messageKey, after, message: { ...message, ...names } };
    const document = await sealMessage(ports, sealed, signal);
    const outcome = await ports.conversations.storeMessage(document, signal);
    if (outcome === 'stored') count('adjutant.messages', { direction: 'in' });
    return { outcome: outcome === 'erased' ? 'shut' : outcome, conversationId, names };
  } catch (error) {
    // The key of a conversation is dropped with it.
    if (asAppError(error, 'gone')) return { outcome: 'shut', conversationId, names };
    throw error;
  }
}

function indexesOf({ indexes }: StoreOptions, { lid, phone }: ChatNames): string[] {
  return [...(lid === undefined ? [] : [indexes.lid(lid)]), ...(phone === undefined ? [] : [indexes.phone(phone)])];
}

/** The key that every repeat of a message has: bare id, session and direction; never the chat's name, which changes. */
export function messageKeyOf(workspace: string, message: Pick<IncomingMessage, 'wahaSession' | 'whatsappId'>): string {
  return deriveId(workspace, message.wahaSession, 'message', 'in', message.whatsappId);
}

async function sealMessage(
  ports: Pick<Ports, 'clock' | 'dataKeys'>,
  what: {
    workspace: string;
    conversationId: string;
    messageKey: string;
    after: readonly string[];
    message: IncomingMessage;
  },
  signal: AbortSignal,
): Promise<MessageDocument> {
  const { workspace, conversationId, messageKey, after, message } = what;
  const key = await ports.dataKeys.keyFor(conversationId, signal);
  const { text, chatId, lid, phone } = message;
  const content: MessageContent = {
    text,
    chatId,
    ...(lid === undefined ? {} : { lid }),
    ...(phone === undefined ? {} : { phone }),
  };
  const traceparent = currentTraceparent();
  const command = message.hasMedia ? undefined : readCommand(text);
  const now = ports.clock.now();
  return {
    workspace,
    conversationId,
    id: messageKey,
    type: 'message',
    kind: message.hasMedia ? 'media' : 'text',
    sentAt: message.sentAt,
    arrivedAt: now,
    dueAt: now,
    ...(command === undefined ? {} : { command }),
    ...(after.length === 0 ? {} : { after: [...after] }),
    ...(traceparent === undefined ? {} : { traceparent }),
    sealed: key.seal(content, messageKey),
  };
}
