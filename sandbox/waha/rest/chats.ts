import { Hono } from 'hono';
import { messagePayload } from '../engine/payloads.ts';
import { EngineFailure, refusal, storeDisabled } from '../errors.ts';
import { bareId } from '../ids.ts';
import type { StoredMessage } from '../model.ts';
import { hasStore } from '../options.ts';
import { completeChatId } from '../people.ts';
import { textOr, type Env, type Rest } from './rest.ts';
import { listMessages } from './list-messages.ts';
import { markSeen } from './seen.ts';

export function chatRoutes(rest: Rest): Hono<Env> {
  const { session, account, settings } = rest;
  const app = new Hono<Env>();

  app.use('/api/:session/chats/*', async (c, next) => {
    await session.expect(c.req.param('session'), ['WORKING']);
    const isRead = c.req.method === 'GET' || c.req.path.endsWith('/read');
    if (isRead && !hasStore(settings)) throw storeDisabled();
    await next();
  });
  app.get('/api/:session/chats', (c) => c.json(page(latestByChat(rest), c.req.query()).map(asChat(rest))));
  app.get('/api/:session/chats/overview', (c) =>
    c.json(
      page(latestByChat(rest), { limit: '20', ...c.req.query() }).map((message) => {
        const chat = asChat(rest)(message);
        return { id: chat.id, name: chat.name, picture: null, lastMessage: messagePayload(rest, message, false), _chat: chat };
      }),
    ),
  );

  app.get('/api/:session/chats/:chatId/messages', (c) => {
    const download = c.req.query('downloadMedia') !== 'false';
    const found = listMessages(rest, c.req.param('chatId'), c.req.query());
    return c.json(found.map((message) => messagePayload(rest, message, download)));
  });
  app.get('/api/:session/chats/:chatId/messages/:messageId', (c) => {
    const message = findMessage(rest, c.req.param('chatId'), c.req.param('messageId'));
    return c.json(messagePayload(rest, message, c.req.query('downloadMedia') !== 'false'));
  });
  app.put('/api/:session/chats/:chatId/messages/:messageId', (c) => {
    const message = findMessage(rest, c.req.param('chatId'), c.req.param('messageId'));
    return c.json(account.edit(message, textOr(c.get('body').text, '')));
  });
  app.delete('/api/:session/chats/:chatId/messages/:messageId', (c) =>
    c.json(account.revoke(findMessage(rest, c.req.param('chatId'), c.req.param('messageId')))),
  );
  app.post('/api/:session/chats/:chatId/messages/read', (c) => c.json({ ids: markSeen(rest, c.req.param('chatId'), []) }, 201));
  return app;
}

/**
 * NOWEB looks in the chat and answers 404; GOWS looks by the bare id alone, in all chats, and where it finds none its
 * storage error comes through as a 500.
 */
function findMessage({ store, people, settings }: Rest, chatId: string, messageId: string): StoredMessage {
  const id = bareId(messageId);
  const everywhere = settings.engine === 'GOWS' || chatId === 'all';
  const found = store.find(id, everywhere ? undefined : people.chatOf(completeChatId(chatId)));
  if (found) return found;
  if (settings.missingMessageStatus === 404) throw refusal(404, 'Message not found');
  const attempts = Array.from({ length: 6 }, (_, index) => `#${index + 1}: not found`).join('\n');
  throw new EngineFailure(`error getting message by id ${id}: All attempts fail:\n${attempts}`);
}

/** The last message of each chat, the newest first. */
function latestByChat({ store }: Rest): StoredMessage[] {
  const latest = new Map<string, StoredMessage>();
  for (const message of store.all()) {
    if (message.timestamp >= (latest.get(message.chat)?.timestamp ?? 0)) latest.set(message.chat, message);
  }
  return [...latest.values()].sort((a, b) => b.timestamp - a.timestamp);
}

function page<T>(all: readonly T[], { limit, offset }: Record<string, string>): T[] {
  const from = Number(offset ?? 0);
  return all.slice(from, limit === undefined ? undefined : from + Number(limit));
}

const asChat =
  ({ people }: Rest) =>
  (message: StoredMessage) => ({
    id: message.chatId,
    name: people.of(message.chatId)?.name ?? null,
    conversationTimestamp: message.timestamp,
  });
