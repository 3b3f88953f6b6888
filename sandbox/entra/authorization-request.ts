import { EntraError, missingParameter } from './errors.ts';
import type { EntraClient } from './options.ts';
import { grantScopes } from './scopes.ts';
import type { EntraState } from './state.ts';

export type ResponseMode = 'query' | 'form_post' | 'fragment';

/** Where an answer may go: known once client and redirect URI were found good; anything wrong before is told on a page. */
export interface ReplyAddress {
  readonly client: EntraClient;
  readonly redirectUri: string;
  readonly responseMode: ResponseMode;
  readonly state: string | undefined;
}

export interface AuthorizationRequest {
  readonly scope: string;
  readonly codeChallenge: string;
  readonly nonce: string | undefined;
  readonly loginHint: string | undefined;
}

/** @throws {EntraError} 900144, 700016, 50011, 90023: shown to the person, sent nowhere. */
export function readReplyAddress({ tenant }: EntraState, query: URLSearchParams): ReplyAddress {
  const clientId = query.get('client_id');
  if (clientId === null) throw missingParameter('client_id');
  const client = tenant.client(clientId);
  const registered = typeof client.redirectUris === 'function' ? client.redirectUris() : client.redirectUris;
  const redirectUri = query.get('redirect_uri');
  if (redirectUri === null) throw missingParameter('redirect_uri');
  if (!registered.includes(redirectUri)) {
    throw new EntraError(
      50011,
      `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${clientId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to troubleshoot this error.`,
    );
  }
  const responseMode = query.get('response_mode') ?? 'query';
  if (!isResponseMode(responseMode)) throw unsupported('response_mode');
  return { client, redirectUri, responseMode, state: query.get('state') ?? undefined };
}

/** @throws {EntraError} whatever else is wrong: told to the application at its reply address. */
export function readAuthorizationRequest(
  { tenant }: EntraState,
  { client }: ReplyAddress,
  query: URLSearchParams,
): AuthorizationRequest {
  const responseType = query.get('response_type');
  if (responseType === null) throw missingParameter('response_type');
  if (responseType !== 'code') {
    throw new EntraError(700054, `response_type '${responseType}' is not enabled for the application.`);
  }
  const scope = query.get('scope');
  if (scope === null) throw missingParameter('scope');
  grantScopes(scope, client, tenant.clients);
  checkPrompt(query.get('prompt'));
  checkClaims(query.get('claims'));
  return {
    scope,
    codeChallenge: readChallenge(query),
    nonce: query.get('nonce') ?? undefined,
    loginHint: query.get('login_hint') ?? undefined,
  };
}

function isResponseMode(value: string): value is ResponseMode {
  return value === 'query' || value === 'form_post' || value === 'fragment';
}

function unsupported(parameter: string): EntraError {
  return new EntraError(90023, `Unsupported '${parameter}' value.`);
}

/** The page asks every time, so every prompt but `none` is satisfied; nobody is ever signed in already. */
function checkPrompt(prompt: string | null): void {
  if (prompt === null || ['login', 'select_account', 'consent'].includes(prompt)) return;
  if (prompt !== 'none') throw unsupported('prompt');
  throw new EntraError(
    50058,
    "A silent sign-in request was sent but no user is signed in. The cookies used to represent the user's session were not sent in the request.",
  );
}

function checkClaims(claims: string | null): void {
  if (claims === null) return;
  try {
    JSON.parse(claims);
  } catch {
    throw unsupported('claims');
  }
}

/** Entra leaves PKCE to a confidential client; here it is required, as the application is to use it always. */
function readChallenge(query: URLSearchParams): string {
  const challenge = query.get('code_challenge');
  if (challenge === null) {
    throw new EntraError(9002325, 'Proof Key for Code Exchange is required for authorization code redemption.');
  }
  if (query.get('code_challenge_method') !== 'S256') throw unsupported('code_challenge_method');
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) throw new EntraError(501491, 'Invalid size of Code_Challenge parameter.');
  return challenge;
}
