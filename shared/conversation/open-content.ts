import type { z } from 'zod';
import type { DataKey } from '../ports/data-keys.ts';
import { MessageContent, ReplyContent, type MessageDocument, type ReplyDocument } from '../ports/documents.ts';
import { errorFields, log } from '../telemetry/index.ts';

// What cannot be opened now never will be, under a changed key or of another shape: it must not hold up what comes after
// it, so whoever reads it is told that there is nothing.

/** What a message says; undefined where it cannot be opened. */
export function openMessage(message: MessageDocument, key: DataKey): MessageContent | undefined {
  const opened = tryToOpen(message, key, MessageContent);
  if ('error' in opened) log('error', 'message.unreadable', { message: message.id, ...errorFields(opened.error) });
  return opened.content;
}

/** What a reply says, and where; undefined where it cannot be opened. */
export function openReply(reply: ReplyDocument, key: DataKey): ReplyContent | undefined {
  const opened = tryToOpen(reply, key, ReplyContent);
  if ('error' in opened) log('error', 'reply.unreadable', { reply: reply.id, ...errorFields(opened.error) });
  return opened.content;
}

type Opened<T> = { readonly content: T } | { readonly content: undefined; readonly error: unknown };

function tryToOpen<T>({ id, sealed }: { id: string; sealed: string }, key: DataKey, schema: z.ZodType<T>): Opened<T> {
  try {
    return { content: schema.parse(key.open(sealed, id)) };
  } catch (error) {
    return { content: undefined, error };
  }
}
