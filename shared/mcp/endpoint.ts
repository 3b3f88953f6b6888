import { createConcurrencyLimit } from '../core/concurrency.ts';
import { AppError, asAppError, claimsOf } from '../core/errors.ts';
import { roleFromAppRoles } from '../core/roles.ts';
import { limitTime } from '../core/time-limit.ts';
import type { CallLimit } from '../domain/limits/index.ts';
import type { AccountCallers } from '../domain/people/index.ts';
import type { AccessTokens, TokenHolder } from '../ports/access-tokens.ts';
import { annotateSpan, continueTrace, errorFields, log, withSpan } from '../telemetry/index.ts';
import { answerOverHttp, protocolError } from '../tools/mcp-http.ts';
import { createRemoteServer, type RemoteAnswer, type RemoteCall, type RemoteCatalogue } from '../tools/mcp-remote.ts';
import { bearerToken, challenge, resourceMetadata, type ProtectedResource } from './authorisation.ts';
import { performRemoteCall, type RemoteWork } from './calls.ts';

export interface McpEndpoint {
  /** Answers whatever comes to `/api/mcp`; never throws. @param traceparent The host's span of the request, where it has one. */
  serve(request: Request, traceparent?: string): Promise<Response>;
  /** The protected-resource metadata. @param path What follows the well-known name, '' or the resource's own path. */
  metadata(path: string): Response;
}

export interface McpEndpointOptions {
  readonly resource: ProtectedResource;
  readonly accessTokens: Pick<AccessTokens, 'verify' | 'forget'>;
  readonly callers: AccountCallers;
  readonly catalogue: RemoteCatalogue;
  readonly callLimit: CallLimit;
  /** What the holder's calls are counted under. */
  readonly accountOf: (holder: TokenHolder) => string;
  readonly work: RemoteWork;
  /** Runs what asks Microsoft Graph on behalf of this person, with the token that they brought. */
  readonly asPerson: <T>(personId: string, token: string, run: () => Promise<T>) => Promise<T>;
}

// Less than clients wait by default (60 s), and than Azure keeps a request (230 s).
const callBudgetMs = 50_000;
const maxCallsOfOne = 8;

// As the SDK has them for what it refuses itself.
const refusedCode = -32_000;
const internalCode = -32_603;

export function createMcpEndpoint(options: McpEndpointOptions): McpEndpoint {
  const { resource } = options;
  const limit = createConcurrencyLimit(maxCallsOfOne);
  const answer = async (request: Request): Promise<Response> => {
    if (request.method !== 'POST') return methodNotAllowed();
    const origin = request.headers.get('origin');
    if (origin !== null && origin !== new URL(resource.publicUrl).origin) {
      log('info', 'mcp.refused', { reason: 'origin' });
      return protocolError(403, { code: refusedCode, message: 'This page may not call here' });
    }
    const token = bearerToken(request.headers.get('authorization'));
    const holder = await options.accessTokens.verify(token, request.signal);
    // Who was told when there is another call, and does not wait for it, is answered before anything is read.
    const waitMs = options.callLimit.knownWaitMs(options.accountOf(holder));
    if (waitMs > 0) return tooManyRequests(waitMs);
    let claims: string | undefined;
    const server = createRemoteServer({
      catalogue: options.catalogue,
      role: roleFromAppRoles(holder.appRoles),
      headerKey: request.headers.get('idempotency-key') ?? undefined,
      call: async (call) => {
        try {
          return await limit(holder.oid, () => callTool(options, { holder, token, call }));
        } catch (error) {
          claims ??= claimsOf(error);
          throw error;
        }
      },
      onBug: (tool, error) => log('error', 'mcp.bug', { tool, ...errorFields(error) }),
    });
    const response = await answerOverHttp(request, server);
    // A tool's own error would reach the model; what the person has to prove is for the client, which finds it here.
    return claims === undefined ? response : insufficientClaims(resource, claims);
  };
  return {
    serve: (request, traceparent) =>
      continueTrace(traceparent ?? request.headers.get('traceparent') ?? undefined, () =>
        withSpan('mcp', { method: request.method }, async () => {
          const response = await answer(request).catch((error: unknown) => refuse(resource, error));
          annotateSpan({ status: response.status });
          return response;
        }),
      ),
    metadata(path) {
      if (!['', 'mcp', 'api/mcp'].includes(path.replace(/\/$/, '')))
        return Response.json({ error: 'not-found' }, { status: 404 });
      // Public by its nature: a client in a browser reads it before it has any token.
      return Response.json(resourceMetadata(resource), { headers: { 'access-control-allow-origin': '*' } });
    },
  };
}

function callTool(
  options: McpEndpointOptions,
  { holder, token, call }: { holder: TokenHolder; token: string; call: RemoteCall },
): Promise<RemoteAnswer> {
  return withSpan(`tool ${call.tool.name}`, {}, async () => {
    const { signal, end } = limitTime(callBudgetMs);
    try {
      await options.callLimit.count(options.accountOf(holder), signal);
      const caller = await options.callers.find(holder, (personId, run) => options.asPerson(personId, token, run), signal);
      const request = { caller, client: holder.clientId, call, signal };
      return await options.asPerson(caller.personId, token, () => performRemoteCall(options.work, request));
    } catch (error) {
      // Maybe it was refused that was exchanged for it: the next call gets another.
      if (asAppError(error, 'sign-in-required')) options.accessTokens.forget(token);
      if (asAppError(error) || !signal.aborted) throw error;
      throw new AppError('timeout', 'The time of the call was up', { cause: error });
    } finally {
      end();
    }
  });
}

function tooManyRequests(waitMs: number): Response {
  const seconds = String(Math.ceil(waitMs / 1_000));
  log('info', 'mcp.refused', { reason: 'too many calls' });
  const message = `No call is left of this hour: try again in ${seconds} seconds`;
  return protocolError(429, { code: refusedCode, message }, { 'retry-after': seconds });
}

/** @see https://learn.microsoft.com/entra/identity-platform/claims-challenge */
function insufficientClaims(resource: ProtectedResource, claims: string): Response {
  const message = 'Microsoft 365 wants the person to prove more: get a new token with the claims of this answer';
  log('info', 'mcp.refused', { reason: 'claims' });
  const told = { code: 'insufficient_claims', description: message, claims } as const;
  return protocolError(401, { code: refusedCode, message }, { 'www-authenticate': challenge(resource, told) });
}

function methodNotAllowed(): Response {
  return protocolError(
    405,
    { code: refusedCode, message: 'Only POST: nothing is streamed, no session is kept' },
    { allow: 'POST' },
  );
}

/** What went wrong before the protocol could answer, as an error of the protocol; a bug is told to the log alone. */
function refuse(resource: ProtectedResource, error: unknown): Response {
  const known = asAppError(error);
  switch (known?.code) {
    case 'unauthorized': {
      const isMissing = known.message.includes('brings no');
      log('info', 'mcp.refused', { reason: isMissing ? 'no token' : known.message });
      const told = isMissing ? undefined : { code: 'invalid_token' as const, description: known.message };
      return protocolError(401, { code: refusedCode, message: known.message }, { 'www-authenticate': challenge(resource, told) });
    }
    case 'forbidden': {
      log('info', 'mcp.refused', { reason: known.message });
      const told = { code: 'insufficient_scope', description: known.message } as const;
      return protocolError(403, { code: refusedCode, message: known.message }, { 'www-authenticate': challenge(resource, told) });
    }
    default: {
      log('error', 'mcp.failed', errorFields(error));
      const message = known?.told ?? 'The server failed in a way it should not';
      const seconds = Math.ceil((known?.retryAfterMs ?? 5_000) / 1_000);
      return protocolError(503, { code: internalCode, message }, { 'retry-after': String(seconds) });
    }
  }
}
