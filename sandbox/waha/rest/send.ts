import { Hono, type Context } from 'hono';
import { refusal } from '../errors.ts';
import { bareId, newDeviceMessageId } from '../ids.ts';
import type { StoredMedia, StoredMessage } from '../model.ts';
import { isAtLeast } from '../options.ts';
import { sessionNamed, textOr, type Env, type Rest } from './rest.ts';
import { markSeen } from './seen.ts';

type Body = Readonly<Record<string, unknown>>;

export function sendRoutes(rest: Rest): Hono<Env> {
  const { session, settings, account } = rest;
  const app = new Hono<Env>();

  const working = (c: Context<Env>) => bodyOfWorking(rest, c);
  const send = (body: Body, text: string, media: StoredMedia | null) =>
    account.send({
      chatId: chatIdOf(body),
      text,
      id: textOr(body.id, undefined),
      replyTo: textOr(body.reply_to, undefined),
      media,
      linkPreview: body.linkPreview !== false,
    });

  app.post('/api/sendText', async (c) => {
    const body = await working(c);
    // WAHA checks neither: what is missing is stumbled over.
    if (typeof body.text !== 'string') throw new TypeError("Cannot read properties of undefined (reading 'match')");
    return c.json(await send(body, body.text, null), 201);
  });
  for (const kind of ['sendImage', 'sendFile', 'sendVideo', 'sendVoice']) {
    app.post(`/api/${kind}`, async (c) => {
      const body = await working(c);
      return c.json(await send(body, textOr(body.caption, ''), fileOf(body)), 201);
    });
  }

  app.post('/api/sendSeen', async (c) => {
    const body = await working(c);
    const given = Array.isArray(body.messageIds) ? body.messageIds.map(String) : [textOr(body.messageId, '')].filter(Boolean);
    const seen = markSeen(rest, chatIdOf(body), given.map(bareId));
    return given.length > 0 ? c.body(null, 201) : c.json({ ids: seen }, 201);
  });
  app.put('/api/reaction', async (c) => {
    const body = await working(c);
    return c.json(account.react(messageNamed(rest, textOr(body.messageId, '')), textOr(body.reaction, '')));
  });
  if (isAtLeast(settings.version, '2026.4.3')) {
    app.get('/api/:session/new-message-id', async (c) => {
      await session.expect(c.req.param('session'), ['WORKING']);
      return c.json({ id: newDeviceMessageId() });
    });
  }
  return app;
}

/** The body, once the session it names is at work. */
export async function bodyOfWorking({ session }: Rest, c: Context<Env>): Promise<Body> {
  const body = c.get('body');
  await session.expect(sessionNamed(body.session), ['WORKING']);
  return body;
}

export function chatIdOf({ chatId }: Body): string {
  if (typeof chatId !== 'string') throw new TypeError("Cannot read properties of undefined (reading 'includes')");
  return chatId;
}

/** The base64 of a request; a file that WAHA would have to fetch is refused. */
function fileOf({ file }: Body): StoredMedia {
  const { mimetype, filename, data, url } = (file ?? {}) as Body;
  if (typeof url === 'string') throw refusal(501, 'sandbox/waha takes files as base64 data only');
  return {
    mimetype: textOr(mimetype, 'application/octet-stream'),
    filename: textOr(filename, null),
    base64: textOr(data, ''),
  };
}

export function messageNamed({ store }: Rest, id: string): StoredMessage {
  const message = store.find(bareId(id));
  if (!message) throw refusal(404, 'Message not found');
  return message;
}
