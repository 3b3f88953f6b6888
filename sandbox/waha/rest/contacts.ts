import { Hono, type Context } from 'hono';
import { storeDisabled } from '../errors.ts';
import type { WhatsAppPerson } from '../model.ts';
import { hasStore, isAtLeast } from '../options.ts';
import { digitsOf, lidChatId, phoneChatId } from '../people.ts';
import { sessionNamed, type Env, type Rest } from './rest.ts';

/** Whether a number is on WhatsApp, and which lid goes with which phone. */
export function contactRoutes(rest: Rest): Hono<Env> {
  const { session, people, settings } = rest;
  const app = new Hono<Env>();

  const checkExists = async (c: Context<Env>) => {
    await session.expect(sessionNamed(c.req.query('session')), ['WORKING']);
    const chatId = `${digitsOf(c.req.query('phone') ?? '')}@c.us`;
    if (!people.of(chatId)) return c.json({ numberExists: false });
    return c.json({ numberExists: true, chatId, ...(isAtLeast(settings.version, '2026.7.2') ? { pn: chatId } : {}) });
  };
  app.get('/api/contacts/check-exists', checkExists);
  app.get('/api/checkNumberStatus', checkExists);

  const known = () => people.list().filter(people.knowsLidOf);
  const pair = (person: WhatsAppPerson) => ({ lid: lidChatId(person), pn: phoneChatId(person) });

  app.use('/api/:session/lids/*', async (c, next) => {
    await session.expect(c.req.param('session'), ['WORKING']);
    if (!hasStore(settings)) throw storeDisabled();
    await next();
  });
  app.get('/api/:session/lids', (c) => {
    const offset = Number(c.req.query('offset') ?? 0);
    return c.json(
      known()
        .slice(offset, offset + Number(c.req.query('limit') ?? 100))
        .map(pair),
    );
  });
  app.get('/api/:session/lids/count', (c) => c.json({ count: known().length }));
  // Unknown is an answer, not a 404.
  app.get('/api/:session/lids/pn/:phone', (c) => {
    const pn = `${digitsOf(c.req.param('phone'))}@c.us`;
    const person = known().find((one) => phoneChatId(one) === pn);
    return c.json(person ? pair(person) : { lid: null, pn });
  });
  app.get('/api/:session/lids/:lid', (c) => {
    const lid = `${digitsOf(c.req.param('lid'))}@lid`;
    const person = known().find((one) => lidChatId(one) === lid);
    return c.json(person ? pair(person) : { lid, pn: null });
  });
  return app;
}
