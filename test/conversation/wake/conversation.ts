import { readCommand } from '../../../shared/conversation/commands.ts';
import { MemoryContent, type ConversationDocument, type MessageDocument } from '../../../shared/ports/documents.ts';
import { currentTraceparent } from '../../../shared/telemetry/index.ts';
import { chatId, lid, ref } from './ana.ts';
import type { Outside } from './outside.ts';

/** What the conversation is told, and what it holds. */
export function conversationOf({ clock, ports }: Outside) {
  let count = 0;
  const documents = <T extends ConversationDocument['type']>(type: T) =>
    ports.conversations
      .documents(ref)
      .filter((document): document is Extract<ConversationDocument, { type: T }> => document.type === type);
  return {
    documents,
    /** A message becomes durable and is rung for, as the webhook sees to it; answers its id. */
    async say(
      text: string,
      { kind = 'text', sentAt = clock.now() }: { kind?: MessageDocument['kind']; sentAt?: number } = {},
    ): Promise<string> {
      const id = `message-${(count += 1)}`;
      const key = await ports.dataKeys.keyFor(ref.conversationId);
      const now = clock.now();
      const sealed = key.seal({ text, chatId, lid }, id);
      const command = readCommand(text);
      const traceparent = currentTraceparent();
      await ports.conversations.storeMessage({
        ...ref,
        id,
        type: 'message',
        kind,
        sentAt,
        arrivedAt: now,
        dueAt: now,
        ...(command === undefined ? {} : { command }),
        ...(traceparent === undefined ? {} : { traceparent }),
        sealed,
      });
      await ports.bell.ring(ref);
      return id;
    },
    /** What Ana's phone shows of the assistant, in order. */
    shown: () => ports.messenger.shown.map(({ text }) => text),
    lease: () => documents('lease')[0],
    async memory(): Promise<MemoryContent> {
      const key = await ports.dataKeys.keyFor(ref.conversationId);
      const [document] = documents('memory');
      return document ? MemoryContent.parse(key.open(document.sealed, 'memory')) : { messages: [], summary: '' };
    },
    /** What is still to be done, by id: nothing once all is quiet. */
    unfinished: () =>
      ports.conversations
        .documents(ref)
        .filter((document) => document.dueAt !== undefined || (document.type === 'calls' && document.open))
        .map(({ id }) => id),
  };
}
