import { createHash } from 'node:crypto';
import { errors } from 'jose';
import { EntraError, missingParameter } from './errors.ts';
import type { EntraClient } from './options.ts';
import { grantApplicationScope, grantScopes, type GrantedScopes } from './scopes.ts';
import type { EntraState } from './state.ts';
import type { Account } from './tenant.ts';
import { clientInfo } from './tokens.ts';

type Grant = (state: EntraState, client: EntraClient, form: URLSearchParams) => Promise<object>;

const grants = new Map<string, Grant>([
  ['authorization_code', redeemCode],
  ['refresh_token', refresh],
  ['client_credentials', giveApplicationToken],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', exchangeOnBehalfOf],
]);

/** The answer to a token request of a client that proved who it is. @throws {EntraError} */
export function performGrant(state: EntraState, client: EntraClient, form: URLSearchParams): Promise<object> {
  const grantType = need(form, 'grant_type');
  const grant = grants.get(grantType);
  if (!grant) throw new EntraError(70003, `The app requested an unsupported grant type '${grantType}'.`);
  return grant(state, client, form);
}

function need(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') throw missingParameter(name);
  return value;
}

async function redeemCode(state: EntraState, client: EntraClient, form: URLSearchParams): Promise<object> {
  const code = need(form, 'code');
  const redirectUri = need(form, 'redirect_uri');
  const grant = state.grants.readCode(code);
  if (grant.clientId !== client.clientId) throw foreignGrant();
  if (grant.redirectUri !== redirectUri) {
    throw new EntraError(
      500112,
      `The reply address '${redirectUri}' does not match the reply address '${grant.redirectUri}' provided when requesting Authorization code.`,
    );
  }
  const challenge = createHash('sha256').update(need(form, 'code_verifier')).digest('base64url');
  if (challenge !== grant.codeChallenge) {
    throw new EntraError(501481, 'The Code_Verifier does not match the code_challenge supplied in the authorization request.');
  }
  const granted = grantScopes(form.get('scope') ?? grant.scope, client, state.tenant.clients);
  state.grants.redeemCode(code);
  return delegatedAnswer(state, { client, account: accountOf(state, grant.oid), granted, nonce: grant.nonce }, form);
}

async function refresh(state: EntraState, client: EntraClient, form: URLSearchParams): Promise<object> {
  const grant = state.grants.readRefreshToken(need(form, 'refresh_token'));
  if (grant.clientId !== client.clientId) throw foreignGrant();
  const granted = grantScopes(form.get('scope') ?? grant.scope, client, state.tenant.clients);
  // The successor comes whether offline_access is asked for again or not.
  const account = accountOf(state, grant.oid);
  return delegatedAnswer(state, { client, account, granted: { ...granted, offline: true }, nonce: undefined }, form);
}

async function giveApplicationToken(state: EntraState, client: EntraClient, form: URLSearchParams): Promise<object> {
  const granted = grantApplicationScope(need(form, 'scope'), state.tenant.clients);
  return { ...timing(state), access_token: await state.tokens.applicationToken(client, granted) };
}

async function exchangeOnBehalfOf(state: EntraState, client: EntraClient, form: URLSearchParams): Promise<object> {
  const assertion = need(form, 'assertion');
  if (need(form, 'requested_token_use') !== 'on_behalf_of') {
    throw new EntraError(90023, "Unsupported 'requested_token_use' value.");
  }
  const account = await readAssertion(state, client, assertion);
  const granted = grantScopes(need(form, 'scope'), client, state.tenant.clients);
  return delegatedAnswer(state, { client, account, granted, nonce: undefined }, form);
}

/** The person whose token for this very client the assertion is. */
async function readAssertion(state: EntraState, client: EntraClient, assertion: string): Promise<Account> {
  const claims = await state.key.verify(assertion).catch((error: unknown) => {
    if (error instanceof errors.JWTExpired) {
      throw new EntraError(
        500133,
        'Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token.',
      );
    }
    throw new EntraError(50013, 'Assertion failed signature validation.');
  });
  if (claims.aud !== client.clientId) {
    throw new EntraError(
      500131,
      `Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was '${String(claims.aud)}' and the expected audience is '${client.clientId}' or one of the Application Uris of this application.`,
    );
  }
  const verified = await state.tokens.verify(assertion, 'app');
  if (verified?.oid === undefined) {
    throw new EntraError(7000114, `Application '${client.clientId}' is not allowed to make application on-behalf-of calls.`);
  }
  return accountOf(state, verified.oid);
}

interface Delegated {
  readonly client: EntraClient;
  readonly account: Account;
  readonly granted: GrantedScopes;
  readonly nonce: string | undefined;
}

async function delegatedAnswer(state: EntraState, delegated: Delegated, form: URLSearchParams): Promise<object> {
  const { client, account, granted, nonce } = delegated;
  return {
    ...timing(state),
    scope: granted.echo,
    access_token: await state.tokens.accessToken(delegated),
    ...(granted.openid ? { id_token: await state.tokens.idToken(delegated, nonce) } : {}),
    ...(granted.offline
      ? { refresh_token: state.grants.createRefreshToken({ clientId: client.clientId, oid: account.oid, scope: granted.echo }) }
      : {}),
    ...(form.get('client_info') === '1' ? { client_info: clientInfo(account) } : {}),
  };
}

function timing({ tokens }: EntraState) {
  const { accessTokenLifetimeSeconds: seconds } = tokens;
  return { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds };
}

function accountOf({ tenant }: EntraState, oid: string): Account {
  const account = tenant.accountByOid(oid);
  if (!account) throw new EntraError(70000, 'The provided grant is invalid: its user no longer exists in the tenant.');
  return account;
}

function foreignGrant(): EntraError {
  return new EntraError(70000, 'The provided value for the grant is not valid: it was issued to another client id.');
}
