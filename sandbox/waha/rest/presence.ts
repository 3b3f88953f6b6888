import { Hono } from 'hono';
import { refusal } from '../errors.ts';
import { completeChatId } from '../people.ts';
import type { Env, Rest } from './rest.ts';
import { bodyOfWorking, chatIdOf } from './send.ts';

const allowed = ['offline', 'online', 'typing', 'recording', 'paused'];

/** What the other's phone shows of the account: typing or not. */
export function presenceRoutes(rest: Rest): Hono<Env> {
  const { session, people, phones } = rest;
  const app = new Hono<Env>();

  for (const [path, typing] of [
    ['/api/startTyping', true],
    ['/api/stopTyping', false],
  ] as const) {
    app.post(path, async (c) => {
      phones.setTyping(people.chatOf(completeChatId(chatIdOf(await bodyOfWorking(rest, c)))), typing);
      return c.json({ result: true }, 201);
    });
  }
  app.post('/api/:session/presence', async (c) => {
    await session.expect(c.req.param('session'), ['WORKING']);
    const { presence, chatId } = c.get('body');
    if (!allowed.includes(String(presence))) {
      throw refusal(400, [`presence must be one of the following values: ${allowed.join(', ')}`]);
    }
    if (typeof chatId === 'string') {
      phones.setTyping(people.chatOf(completeChatId(chatId)), presence === 'typing' || presence === 'recording');
    }
    return c.body(null, 201);
  });

  return app;
}
