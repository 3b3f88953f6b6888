import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { onTestFinished } from 'vitest';
import type { Journey } from './journey.ts';

/** What a person would have in hand for the assistant's own API. */
export async function tokenFor(journey: Journey, person: string): Promise<string> {
  return ((await journey.post('/sandbox/token', { person, audience: 'app' })) as { accessToken: string }).accessToken;
}

export function mcpUrl(journey: Journey): string {
  return `${journey.sandbox().applicationUrl}/api/mcp`;
}

/** The official client, connected as this person; its `fetch` may be another one. */
export async function connectAs(journey: Journey, person: string, headers: Record<string, string> = {}): Promise<Client> {
  const authorization = `Bearer ${await tokenFor(journey, person)}`;
  const transport = new StreamableHTTPClientTransport(new URL(mcpUrl(journey)), {
    requestInit: { headers: { authorization, ...headers } },
  });
  const client = new Client({ name: 'journey', version: '1' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

/** A bare POST, as a client that is no client would send it. */
export function post(url: string, body: string, headers: Record<string, string>): Promise<Response> {
  const common = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', body, headers: { ...common, ...headers } });
}
