import {
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
  UnauthorizedError,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { DateTime } from 'luxon';
import { expect, onTestFinished } from 'vitest';
import { choose } from '../sandbox/entra/start-entra.ts';
import { verifies } from '../verifies.ts';
import { ana, ben, chloe, dmitri, eva, until, useJourney } from './journey.ts';
import { connectAs, mcpUrl, post, tokenFor } from './mcp-client.ts';
import { createSignIn } from './mcp-sign-in.ts';

const journey = useJourney();
const tomorrow = () => DateTime.now().setZone('Europe/Lisbon').plus({ days: 1 });
const nextWeeks = () => ({ start: tomorrow().toISODate() ?? '', end: tomorrow().plus({ days: 14 }).toISODate() ?? '' });

interface Listed {
  readonly timeZone: string;
  readonly events: readonly { readonly id: string; readonly subject: string; readonly attendees: readonly string[] }[];
}

async function eventsOf(person: string): Promise<Listed> {
  const client = await connectAs(journey, person);
  const { structuredContent } = await client.callTool({ name: 'calendar_list_events', arguments: nextWeeks() });
  return structuredContent as Listed;
}

verifies('mcp:official-client', 'the official client lists the tools and calls them', async () => {
  const client = await connectAs(journey, ana);

  const { tools } = await client.listTools();
  const me = await client.callTool({ name: 'people_whoami', arguments: {} });

  expect(tools.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['calendar_list_events', 'calendar_create_event', 'people_whoami', 'help']),
  );
  expect(me.structuredContent).toMatchObject({ name: 'Ana Ribeiro', role: 'admin', timeZone: 'Europe/Lisbon' });
});

verifies('mcp:official-client', 'the host passes on 405, 401, 413 and 400 as they are', async () => {
  const url = mcpUrl(journey);
  const authorization = `Bearer ${await tokenFor(journey, ana)}`;

  const answers = await Promise.all([
    fetch(url, { headers: { authorization, accept: 'text/event-stream' } }),
    fetch(url, { method: 'DELETE', headers: { authorization } }),
    post(url, '{}', {}),
    post(url, `"${'x'.repeat(300_000)}"`, { authorization }),
    post(url, '{"jsonrpc":', { authorization }),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([405, 405, 401, 413, 400]);
  for (const answer of answers) expect(await answer.json()).toMatchObject({ jsonrpc: '2.0', error: {}, id: null });
});

verifies('mcp:metadata', 'from a 401 the official client finds the tenant that gives tokens', async () => {
  const url = mcpUrl(journey);

  const refused = await post(url, '{}', {});
  const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(refused);
  const resource = await discoverOAuthProtectedResourceMetadata(url, { ...(resourceMetadataUrl && { resourceMetadataUrl }) });
  const [server = ''] = resource.authorization_servers ?? [];
  const authority = await discoverAuthorizationServerMetadata(server);

  expect(resource).toMatchObject({ resource: url, scopes_supported: [scope] });
  expect(authority?.issuer).toBe(server);
  expect(authority?.token_endpoint).toContain('/oauth2/v2.0/token');
});

verifies('mcp:metadata', 'the official client is refused, signs its person in at the tenant, and calls as them', async () => {
  const url = new URL(mcpUrl(journey));
  const signIn = createSignIn(`${url.origin}/api/sign-in/callback`);
  const first = new StreamableHTTPClientTransport(url, { authProvider: signIn });
  await expect(new Client({ name: 'journey', version: '1' }).connect(first)).rejects.toThrow(UnauthorizedError);
  const sentBack = await choose(signIn.sentTo().href, 'chloe@alderfinch.example');
  const code = new URL(sentBack.headers.get('location') ?? '').searchParams.get('code');

  await first.finishAuth(code ?? '');
  const client = new Client({ name: 'journey', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(url, { authProvider: signIn }));
  onTestFinished(() => client.close());
  const me = await client.callTool({ name: 'people_whoami', arguments: {} });

  expect(signIn.sentTo().searchParams.get('resource')).toBe(url.href);
  expect(signIn.sentTo().searchParams.get('scope')).toContain('/access_as_user');
  expect(me.structuredContent).toMatchObject({ name: 'Chloe Martin', role: 'user' });
});

verifies('mcp:on-behalf-of', 'two people get each their own calendar, and Microsoft Graph is asked as them', async () => {
  const [ofAna, ofBen] = [await eventsOf(ana), await eventsOf(ben)];

  const shared = ofAna.events.filter(({ id }) => ofBen.events.some((event) => event.id === id));
  expect(ofAna.events.length).toBeGreaterThan(1);
  expect(ofBen.events.length).toBeGreaterThan(0);
  expect(shared).toEqual([]);
  const requests = (await journey.get('/sandbox/requests?vendor=msgraph')) as { path: string; headers: Record<string, string> }[];
  const asked = requests.filter(({ path }) => path.includes('/me/calendarView'));
  expect(asked.length).toBeGreaterThanOrEqual(2);
  expect(new Set(asked.map(({ headers }) => headers['authorization'])).size).toBeGreaterThanOrEqual(2);
});

verifies('mcp:callers', 'somebody who never linked a chat uses it in the zone of their mailbox', async () => {
  const client = await connectAs(journey, eva);

  const me = await client.callTool({ name: 'people_whoami', arguments: {} });
  const { events } = await eventsOf(eva);

  expect(me.structuredContent).toMatchObject({ name: 'Eva Lindqvist', email: 'eva@alderfinch.example', role: 'user' });
  expect((me.structuredContent as Listed).timeZone).toMatch(/\//);
  expect(Array.isArray(events)).toBe(true);
});

verifies(
  'mcp:idempotency',
  'a meeting is booked once, however often it is asked for, also when the first answer was lost',
  async () => {
    const client = await connectAs(journey, chloe);
    const start = tomorrow().set({ hour: 7, minute: 15 }).toFormat("yyyy-MM-dd'T'HH:mm");
    const end = tomorrow().set({ hour: 7, minute: 45 }).toFormat("yyyy-MM-dd'T'HH:mm");
    const wish = { subject: 'MCP review', start, end, attendees: ['ben@alderfinch.example'], idempotencyKey: 'wish-1' };
    const match = { method: 'POST', path: '/me/events' };
    await journey.post('/sandbox/faults', { vendor: 'msgraph', match, effect: 'answer-after-doing', status: 503, times: 1 });

    let result = await client.callTool({ name: 'calendar_create_event', arguments: wish });
    await until(async () => {
      result = await client.callTool({ name: 'calendar_create_event', arguments: wish });
      return result.isError !== true;
    });

    const [mine, bens] = [await eventsOf(chloe), await eventsOf(ben)];
    expect(result.structuredContent).toMatchObject({ subject: 'MCP review' });
    for (const { events } of [mine, bens]) expect(events.filter(({ subject }) => subject === 'MCP review')).toHaveLength(1);
  },
);

verifies('mcp:confirmation', 'somebody outside is invited once the person says yes in their chat, and not before', async () => {
  await journey.ask(dmitri, 'Who am I?');
  const client = await connectAs(journey, dmitri);
  await client.listTools();
  const start = tomorrow().set({ hour: 18, minute: 0 }).toFormat("yyyy-MM-dd'T'HH:mm");
  const end = tomorrow().set({ hour: 19, minute: 0 }).toFormat("yyyy-MM-dd'T'HH:mm");
  const wish = { subject: 'MCP dinner', start, end, attendees: ['guest@elsewhere.example'], idempotencyKey: 'wish-2' };
  const booked = async () => (await eventsOf(dmitri)).events.filter(({ subject }) => subject === 'MCP dinner');
  const [last] = (await journey.shown(dmitri, '')).slice(-1);

  const { structuredContent } = await client.callTool({ name: 'calendar_create_event', arguments: wish });
  const asked = await journey.answersTo(dmitri, last?.id ?? '');
  const before = await booked();
  const [, number = ''] = /“yes (\d{3})”/.exec(asked.join('\n')) ?? [];
  const answers = await journey.ask(dmitri, `yes ${number}`);
  const again = await client.callTool({ name: 'calendar_create_event', arguments: wish });

  expect(structuredContent).toMatchObject({ status: 'confirmation-required', approvalId: expect.any(String) as string });
  expect(asked.join('\n')).toMatch(/guest@elsewhere.example[^]*MCP dinner[^]*“yes \d{3}”/);
  expect(before).toEqual([]);
  expect(answers.join('\n')).toMatch(/✓ Booked: .*“MCP dinner”/);
  expect(await booked()).toMatchObject([{ attendees: [expect.stringContaining('guest@elsewhere.example')] }]);
  expect(again.structuredContent).toMatchObject({ subject: 'MCP dinner' });
});

verifies(
  'mcp:crash',
  'a process killed right after the meeting was made: the same key tells of that one, and makes no other',
  async () => {
    const start = tomorrow().set({ hour: 6, minute: 0 }).toFormat("yyyy-MM-dd'T'HH:mm");
    const end = tomorrow().set({ hour: 6, minute: 30 }).toFormat("yyyy-MM-dd'T'HH:mm");
    const wish = { subject: 'MCP crash', start, end, attendees: [], idempotencyKey: 'wish-3' };
    const match = { method: 'POST', path: '/me/events' };
    const client = await connectAs(journey, ana);
    await journey.post('/sandbox/faults', { vendor: 'msgraph', match, effect: 'kill-after' });
    const ask = () => client.callTool({ name: 'calendar_create_event', arguments: wish }).catch(() => undefined);

    const first = await ask();
    let again = await ask();
    await until(async () => {
      again = await ask();
      return again !== undefined && again.isError !== true;
    });

    expect(first).toBeUndefined();
    expect(again?.structuredContent).toMatchObject({ subject: 'MCP crash' });
    expect((await eventsOf(ana)).events.filter(({ subject }) => subject === 'MCP crash')).toHaveLength(1);
  },
);
