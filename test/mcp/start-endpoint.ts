import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { issuerOf } from '../../shared/adapters/entra/access-tokens.ts';
import { loadSettings } from '../../shared/config/config.ts';
import { AppError } from '../../shared/core/errors.ts';
import { createBlindIndexes } from '../../shared/domain/identity/index.ts';
import { createCallLimit } from '../../shared/domain/limits/index.ts';
import { createAccountCallers } from '../../shared/domain/people/index.ts';
import type { TokenHolder } from '../../shared/ports/access-tokens.ts';
import { setLogSink } from '../../shared/telemetry/index.ts';
import { defineTool, type Tool } from '../../shared/tools/define-tool.ts';
import { createTools } from '../../shared/tools/index.ts';
import { createRemoteCatalogue } from '../../shared/tools/mcp-remote.ts';
import { createMcpEndpoint } from '../../shared/mcp/endpoint.ts';
import { environment } from '../domain/people/start-sign-in.ts';
import { createTestDataKeys } from '../support/data-keys.ts';
import { createFakeAudit } from '../support/fakes/fake-audit.ts';
import { createFakeCallQuotas } from '../support/fakes/fake-call-quotas.ts';
import { createFakeIdentities } from '../support/fakes/fake-identities.ts';
import { createFakeIds } from '../support/fakes/fake-ids.ts';
import { createFakeOwnLeases } from '../support/fakes/fake-own-leases.ts';
import { createToolPorts } from '../support/tool-ports.ts';

export const url = 'http://127.0.0.1:7071/api/mcp';
const tenantId = environment.ENTRA_TENANT_ID;

/** The program that calls, as Entra knows it. */
export const clientId = '00000000-0000-4000-8000-0000000000d1';

/** Who holds which token; another one is nobody's. */
const holders: Readonly<Record<string, TokenHolder>> = {
  ana: { tenantId, oid: 'oid-ana', email: 'ana@alderfinch.example', appRoles: ['Admin'], clientId },
  chloe: { tenantId, oid: 'oid-chloe', email: undefined, appRoles: [], clientId },
  guest: { tenantId, oid: 'oid-guest', email: 'guest@elsewhere.example', appRoles: [], clientId },
};

export const adminTool = (run = () => Promise.resolve({ failures: ['t1'] })) =>
  defineTool({
    ...({ name: 'people_list_failures', description: 'Lists what failed.', role: 'admin', effect: 'read', run } as const),
    input: z.object({}),
    output: z.object({ failures: z.array(z.string()) }),
  });

/** A tool for everybody that takes nothing, and reads so. */
export const toolThat = (name: string, run: () => Promise<Record<string, never>>) =>
  defineTool({
    ...({ name, description: 'x', role: 'user', effect: 'read', run } as const),
    ...{ input: z.object({}), output: z.object({}) },
  });

/** The endpoint with everything behind it in memory, and the official client in front of it, without a network. */
export function startEndpoint({ extra = [], callsPerHour = 600 }: { extra?: readonly Tool[]; callsPerHour?: number } = {}) {
  const settings = loadSettings(environment);
  const toolPorts = createToolPorts();
  const { clock, conversations, directory } = toolPorts;
  directory.people.push({ oid: 'o2', name: 'Ben Okafor', email: 'ben@alderfinch.example' });
  const ports = {
    ...{ ...toolPorts, ids: createFakeIds(), dataKeys: createTestDataKeys(clock), audit: createFakeAudit() },
    ...{ identities: createFakeIdentities(), ownLeases: createFakeOwnLeases(conversations) },
    callQuotas: createFakeCallQuotas(),
  };
  const indexes = createBlindIndexes(settings.BLIND_INDEX_KEY, settings.WORKSPACE);
  const lines: string[] = [];
  onTestFinished(setLogSink((_level, line) => lines.push(line)));
  /** For whom Microsoft Graph was asked, and with whose token. */
  const asked: { personId: string; token: string }[] = [];
  const forgotten: string[] = [];
  let keysAway: AppError | undefined;
  const endpoint = createMcpEndpoint({
    resource: {
      ...{ publicUrl: settings.PUBLIC_URL, organisation: settings.ORGANISATION_NAME, clientId: settings.ENTRA_CLIENT_ID },
      issuer: issuerOf({ authorityUrl: settings.ENTRA_AUTHORITY_URL, tenantId }),
    },
    accessTokens: {
      forget: (token) => void forgotten.push(token),
      verify(token) {
        if (keysAway) return Promise.reject(keysAway);
        const holder = holders[token];
        if (token === 'unscoped') return Promise.reject(new AppError('forbidden', 'The token has not the scope'));
        return holder ? Promise.resolve(holder) : Promise.reject(new AppError('unauthorized', 'The token is "bad"'));
      },
    },
    callers: createAccountCallers(ports, { indexes, allowedEmailDomains: settings.ALLOWED_EMAIL_DOMAINS }),
    catalogue: createRemoteCatalogue([...createTools(ports, 'alderfinch'), adminTool(), ...extra]),
    callLimit: createCallLimit(ports, { perHour: callsPerHour }),
    accountOf: ({ oid }) => indexes.account(tenantId, oid),
    work: {
      ports,
      settings: {
        ...{ workspace: 'alderfinch', leaseMs: 20_000, beatMs: 7_000, marginMs: 3_000 },
        ...{ vendorTimeoutMs: 15_000, takeoverMs: 15_000, parkMs: 15_000 },
      },
      ttlSeconds: 86_400,
      approvalMs: 3_600_000,
    },
    asPerson(personId, token, run) {
      asked.push({ personId, token });
      return run();
    },
  });
  const failKeys = (error: AppError | undefined) => void (keysAway = error);
  return { ...ports, indexes, lines, asked, forgotten, endpoint, failKeys, ...clientsOf(endpoint) };
}

function clientsOf(endpoint: ReturnType<typeof createMcpEndpoint>) {
  return {
    /** The official client, as the holder of this token. */
    async connect(token: string, headers: Record<string, string> = {}): Promise<Client> {
      const transport = new StreamableHTTPClientTransport(new URL(url), {
        fetch: (input, init) => endpoint.serve(new Request(input, init)),
        requestInit: { headers: { authorization: `Bearer ${token}`, ...headers } },
      });
      const client = new Client({ name: 'test', version: '1' });
      await client.connect(transport);
      onTestFinished(() => client.close());
      return client;
    },
    /** One bare request; `body` is sent as it is where it is text. */
    async send(
      body: unknown,
      {
        token = 'ana',
        headers = {},
        method = 'POST',
      }: { token?: string | undefined; headers?: Record<string, string>; method?: string } = {},
    ) {
      const response = await endpoint.serve(
        new Request(url, {
          method,
          headers: {
            ...{ accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
            ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
            ...headers,
          },
          ...(method === 'POST' ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
        }),
      );
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: (text === '' ? undefined : JSON.parse(text)) as unknown,
      };
    },
  };
}

export const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
export const callOf = (name: string, input: object = {}, meta?: object) => ({
  ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
  params: { name, arguments: input, ...(meta && { _meta: meta }) },
});
export const errorOf = (code: number) => ({ jsonrpc: '2.0', error: { code }, id: null });

export type Endpoint = ReturnType<typeof startEndpoint>;

/** Ana, as a sign-in from her chat leaves her; answers the id of her account. */
export async function linkAna(
  { identities, people, dataKeys, indexes }: Endpoint,
  { personId = 'alderfinch:person-ana', conversationId }: { personId?: string; conversationId?: string } = {},
): Promise<string> {
  const profile = { name: 'Ana Ribeiro', email: 'ana@alderfinch.example', timeZone: 'Asia/Tokyo' };
  const id = indexes.account(tenantId, 'oid-ana');
  const workspace = 'alderfinch';
  await identities.claim({ id, workspace, kind: 'account', personId, createdAt: 0 });
  const sealed = (await dataKeys.keyFor(personId)).seal(profile, 'person');
  const chat = conversationId === undefined ? {} : { conversationId, names: ['alderfinch:lid'] };
  await people.save({ id: personId, workspace, role: 'user', homeAccountId: 'home', ...chat, linkedAt: 0, sealed });
  return id;
}
