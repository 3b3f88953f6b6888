import { Hono } from 'hono';
import { z } from 'zod';
import { hasSignedIn } from '../seed/has-signed-in.ts';
import type { SeedPerson } from '../seed/people.ts';
import type { ChatMessage } from '../waha/waha.ts';
import { ControlError, parse, personWithPhone, readJson, standIn, type Control, type ControlEnv } from './control.ts';

const Typed = z.object({
  from: z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number as +15550100001'),
  text: z.string().min(1, 'must not be empty').max(65_536, 'must have at most 65,536 characters'),
});
const TokenRequest = z.object({ person: z.string().min(1), audience: z.enum(['msgraph', 'app']) });

/** The people: what they type, what their phones and mailboxes show, and their tokens. */
export function peopleRoutes(control: Control): Hono<ControlEnv> {
  const app = new Hono<ControlEnv>();
  app.get('/people', (c) => c.json(control.people.map((person) => describe(control, person))));
  app.post('/messages', async (c) => {
    const { from, text } = await readJson(c, Typed);
    const { phone } = personWithPhone(control, from, 400);
    return c.json(standIn(control, 'waha').receive({ from: phone, text }));
  });
  app.get('/chats/:phone', (c) => {
    const waha = standIn(control, 'waha');
    const { phone } = personWithPhone(control, c.req.param('phone'), 404);
    const messages = waha.chat(phone, c.req.query('after')).map(shown);
    return c.json({ messages, typing: waha.typing(phone) });
  });
  app.get('/mailbox/:email', (c) => {
    const email = c.req.param('email').toLowerCase();
    if (!control.people.some((person) => person.email === email)) {
      throw new ControlError(404, `Nobody here has the address ${email}.`);
    }
    return c.json(standIn(control, 'msgraph').mailbox(email));
  });
  app.post('/token', async (c) => {
    const { person, audience } = await readJson(c, TokenRequest);
    const found = control.people.find(({ phone, email }) => phone === person || email === person.toLowerCase());
    if (!found) throw new ControlError(400, `Nobody here has the phone or address ${person}.`);
    const accessToken = await standIn(control, 'entra').issueToken({
      phoneOrEmail: found.email,
      audience: parse(TokenRequest.shape.audience, audience),
    });
    return c.json({ accessToken });
  });
  return app;
}

function describe({ standIns }: Control, person: SeedPerson) {
  const { name, email, phone, appRole } = person;
  const onboarded = standIns.waha !== undefined && hasSignedIn(person, standIns.waha.chat(phone));
  return { name, email, phone, role: appRole?.toLowerCase() ?? 'user', onboarded };
}

/** A message as a phone shows it. */
export function shown({ id, fromMe, text, timestamp, ack }: ChatMessage) {
  return { id, fromMe, text, timestamp, ack };
}
