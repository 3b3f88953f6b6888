import { Client, type Context, HTTPMessageHandler, type Middleware, RetryHandler } from '@microsoft/microsoft-graph-client';
import { onTestFinished } from 'vitest';
import { createSandboxContext, type SandboxContext } from '../../../sandbox/kit/context.ts';
import { listen, serveVendor } from '../../../sandbox/kit/http.ts';
import { createMsgraph, type GraphToken, type MsgraphOptions } from '../../../sandbox/msgraph/msgraph.ts';
import type { SeedEvent } from '../../../sandbox/seed/calendars.ts';
import { people } from '../../../sandbox/seed/people.ts';

export const scopes = [
  'User.Read',
  'User.ReadBasic.All',
  'Calendars.ReadWrite',
  'Calendars.Read.Shared',
  'MailboxSettings.Read',
  'Mail.Send',
  'Mail.Read',
];

export type Given = 'ana' | 'ben' | 'chloe' | 'dmitri' | 'eva';
export const emailOf = (given: Given) => `${given}@alderfinch.example`;
export const oidOf = (given: Given) => people.find(({ email }) => email === emailOf(given))?.oid ?? '';

/** Tokens of the tests: `ana`, `ana User.Read` (only these scopes), `app Calendars.Read` (an application alone). */
function verifyToken(token: string): GraphToken | undefined {
  const [who = '', ...rights] = token.split('+');
  if (who === 'app') return { scopes: [], roles: rights };
  const oid = oidOf(who as Given);
  return oid === '' ? undefined : { oid, scopes: rights.length > 0 ? rights : scopes, roles: [] };
}

export const noSeed = () => ({ events: [], sharing: [] });
export const seedOf =
  (...events: SeedEvent[]) =>
  () => ({ events, sharing: [] });

export interface GraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export async function startMsgraph(options: Partial<MsgraphOptions> & { context?: SandboxContext } = {}) {
  const context = options.context ?? createSandboxContext();
  const msgraph = createMsgraph(context, { people, verifyToken, seed: noSeed, ...options });
  const { port, close } = await listen(serveVendor(context, msgraph.vendor, '/msgraph'));
  onTestFinished(async () => {
    context.clock.stop();
    await close();
  });
  const origin = `http://127.0.0.1:${port}/msgraph`;
  const call = async (
    token: string,
    what: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<GraphAnswer> => {
    const [method = 'GET', ...path] = what.split(' ');
    const response = await fetch(`${origin}/v1.0${path.join(' ')}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? {} : (JSON.parse(text) as GraphAnswer['body']),
    };
  };
  return { context, msgraph, origin, call, client: (token: string) => clientFor(origin, token) };
}

/** The vendor's own client, unchanged: its last but one middleware turns the public origin into the local one. */
function clientFor(origin: string, token: string): Client {
  const send = new HTTPMessageHandler();
  const rewrite: Middleware = {
    execute(context: Context) {
      context.request = String(context.request).replace('https://graph.microsoft.com', origin);
      context.options = { ...context.options, headers: { ...headersOf(context), authorization: `Bearer ${token}` } };
      return send.execute(context);
    },
  };
  const retry = new RetryHandler();
  retry.setNext(rewrite);
  return Client.initWithMiddleware({ middleware: retry });
}

function headersOf({ options }: Context): Record<string, string> {
  return Object.fromEntries(new Headers(options?.headers));
}

/** A create of half an hour tomorrow in Lisbon, or wherever the rest says. */
export function meeting(rest: Record<string, unknown> = {}) {
  return {
    subject: 'Sync',
    start: { dateTime: '2027-01-12T09:00:00', timeZone: 'Europe/Lisbon' },
    end: { dateTime: '2027-01-12T09:30:00', timeZone: 'Europe/Lisbon' },
    ...rest,
  };
}

export const invited = (...given: Given[]) =>
  given.map((name) => ({ emailAddress: { address: emailOf(name) }, type: 'required' }));

/** The value of a list, or of a member that is one. */
export const listOf = (answer: GraphAnswer, name = 'value') => answer.body[name] as Record<string, unknown>[];
export const errorOf = (answer: GraphAnswer) => answer.body['error'] as { code: string; message: string; innerError: object };
