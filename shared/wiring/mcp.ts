import { AsyncLocalStorage } from 'node:async_hooks';
import { createCosmosCallQuotas } from '../adapters/cosmos/call-quotas.ts';
import { createCosmosOwnLeases } from '../adapters/cosmos/own-leases.ts';
import { createCosmosPause } from '../adapters/cosmos/pause.ts';
import { createCosmosAudit, createCosmosPeople } from '../adapters/cosmos/people.ts';
import { createEntraAccessTokens, issuerOf } from '../adapters/entra/access-tokens.ts';
import { createMsgraphCalendar } from '../adapters/msgraph/calendar.ts';
import { createMsgraphDirectory } from '../adapters/msgraph/directory.ts';
import { AppError } from '../core/errors.ts';
import { createCallLimit } from '../domain/limits/index.ts';
import { createAccountCallers } from '../domain/people/index.ts';
import { mcpScope } from '../mcp/authorisation.ts';
import { createMcpEndpoint, type McpEndpoint } from '../mcp/endpoint.ts';
import { createTools } from '../tools/index.ts';
import { createRemoteCatalogue } from '../tools/mcp-remote.ts';
import { authorityOptions } from './authority.ts';
import type { Basis } from './basis.ts';
import { vendorFetch } from './vendor-fetch.ts';

export type McpWork = McpEndpoint;

// A key stands for its write this long: longer than any client goes on repeating.
const keysKeptSeconds = 24 * 3_600;

/** The tools for MCP clients outside: the same as in the chat, with Microsoft Graph on behalf of whoever calls. */
export function createMcpWork(basis: Basis): McpWork {
  const { settings, cosmos, indexes } = basis;
  const timeoutMs = settings.VENDOR_TIMEOUT_SECONDS * 1_000;
  const authority = authorityOptions(settings);
  const accessTokens = createEntraAccessTokens({ ...authority, clock: basis.ports.clock, scope: mcpScope });
  // The tools are made once, the tokens are each request's own: the adapters find the one that the request under way brought.
  const presented = new AsyncLocalStorage<{ readonly personId: string; readonly token: string }>();
  const tokenFor = (personId: string, signal?: AbortSignal): Promise<string> => {
    const under = presented.getStore();
    if (under?.personId === personId) return accessTokens.exchange(under.token, signal);
    return Promise.reject(new AppError('sign-in-required', 'The request brought no token of this person'));
  };
  const msgraph = { baseUrl: settings.MSGRAPH_URL, timeoutMs, tokenFor, fetch: vendorFetch('msgraph') };
  const directory = createMsgraphDirectory(msgraph);
  const calendar = createMsgraphCalendar(msgraph);
  const ports = {
    ...basis.ports,
    ...{ accessTokens, directory, people: createCosmosPeople(cosmos), audit: createCosmosAudit(cosmos) },
    ownLeases: createCosmosOwnLeases(cosmos),
  };
  const allowedEmailDomains = settings.ALLOWED_EMAIL_DOMAINS.map((domain) => domain.toLowerCase());
  return createMcpEndpoint({
    resource: {
      ...{ publicUrl: settings.PUBLIC_URL, organisation: settings.ORGANISATION_NAME },
      ...{ clientId: authority.clientId, issuer: issuerOf(authority) },
    },
    accessTokens,
    callers: createAccountCallers(ports, { indexes, allowedEmailDomains }),
    catalogue: createRemoteCatalogue(
      createTools({ ...ports, calendar, pause: createCosmosPause(cosmos, settings.WORKSPACE) }, settings.WORKSPACE),
    ),
    callLimit: createCallLimit(
      { ...basis.ports, callQuotas: createCosmosCallQuotas(cosmos) },
      { perHour: settings.MCP_CALLS_PER_HOUR },
    ),
    accountOf: ({ tenantId, oid }) => indexes.account(tenantId, oid),
    work: { ports, settings: basis.conversation, ttlSeconds: keysKeptSeconds, approvalMs: basis.conversation.approvalMs },
    asPerson: (personId, token, run) => presented.run({ personId, token }, run),
  });
}
