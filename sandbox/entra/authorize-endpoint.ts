import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { readAuthorizationRequest, readReplyAddress, type ReplyAddress } from './authorization-request.ts';
import { EntraError, errorBody } from './errors.ts';
import { accountPage, errorPage, formPostPage } from './page.ts';
import { correlationId, type EntraState } from './state.ts';
import type { Account } from './tenant.ts';
import { clientInfo } from './tokens.ts';

/** GET or POST /{tenant}/oauth2/v2.0/authorize: the page to choose an account on. */
export async function showAccounts(state: EntraState, c: Context): Promise<Response> {
  const query = c.req.method === 'POST' ? new URLSearchParams(await c.req.text()) : new URL(c.req.url).searchParams;
  return answer({ state, c, query }, async (reply) => {
    const { loginHint } = readAuthorizationRequest(state, reply, query);
    return page(c, await accountPage({ tenant: state.tenant, client: reply.client, query, loginHint }));
  });
}

/** POST /{tenant}/login: the account that was chosen on the page, with the request it stood for. */
export async function signIn(state: EntraState, c: Context): Promise<Response> {
  const form = new URLSearchParams(await c.req.text());
  const query = new URLSearchParams(form.get('request') ?? '');
  return answer({ state, c, query }, async (reply) => {
    const { scope, codeChallenge, nonce } = readAuthorizationRequest(state, reply, query);
    const chosen = form.get('account') ?? '';
    if (chosen === 'cancel') throw new EntraError(65004, 'User declined to consent to access the app.');
    const account = chooseAccount(state, reply, chosen);
    if (account instanceof EntraError) return refusal(state, c, { error: account, query });
    const { redirectUri, client } = reply;
    const grant = { clientId: client.clientId, oid: account.oid, redirectUri, codeChallenge, nonce, scope };
    return send(c, reply, {
      code: state.grants.createCode(grant),
      ...(query.get('client_info') === '1' ? { client_info: clientInfo(account) } : {}),
      session_state: randomUUID(),
    });
  });
}

/** Entra sends nobody back to the application whom the tenant does not know: it says so on its own page. */
function chooseAccount({ tenant }: EntraState, { client }: ReplyAddress, name: string): Account | EntraError {
  const account = tenant.accountBySignInName(name);
  if (account && account.kind !== 'stranger') return account;
  const provider = account ? `https://sts.windows.net/${account.home.tenantId}/` : 'unknown';
  return new EntraError(
    50020,
    `User account '${name}' from identity provider '${provider}' does not exist in tenant '${tenant.tenantId}' and cannot access the application '${client.clientId}'(${client.name ?? client.clientId}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.`,
  );
}

/** Errors before the reply address is known are shown, later ones are sent there. */
async function answer(
  { state, c, query }: { readonly state: EntraState; readonly c: Context; readonly query: URLSearchParams },
  run: (reply: ReplyAddress) => Promise<Response>,
): Promise<Response> {
  let reply: ReplyAddress | undefined;
  try {
    state.tenant.assertTenant(c.req.param('tenant') ?? '');
    reply = readReplyAddress(state, query);
    return await run(reply);
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    if (!reply) return refusal(state, c, { error, query });
    const body = errorBody(error, { correlationId: correlationId(c.req.raw, query), now: state.clock.now() });
    return send(c, reply, {
      // On the way back through the browser a lack of consent has a name of its own.
      error: error.code === 65001 ? 'consent_required' : error.error,
      ...(error.code === 65004 ? { error_subcode: 'cancel' } : {}),
      error_description: body.error_description,
      error_uri: body.error_uri,
    });
  }
}

async function refusal(
  state: EntraState,
  c: Context,
  { error, query }: { error: EntraError; query: URLSearchParams },
): Promise<Response> {
  const body = errorBody(error, { correlationId: correlationId(c.req.raw, query), now: state.clock.now() });
  return page(c, await errorPage({ description: body.error_description, code: error.code }), error.code === 50020 ? 403 : 400);
}

async function send(
  c: Context,
  { redirectUri, responseMode, state }: ReplyAddress,
  parameters: Record<string, string>,
): Promise<Response> {
  const all = { ...parameters, ...(state === undefined ? {} : { state }) };
  if (responseMode === 'form_post') return page(c, await formPostPage(redirectUri, all));
  const url = new URL(redirectUri);
  if (responseMode === 'fragment') url.hash = new URLSearchParams(all).toString();
  else for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
  return c.redirect(url.href, 302);
}

function page(c: Context, markup: string, status: 200 | 400 | 403 = 200): Response {
  return c.html(markup, status, { 'cache-control': 'no-store', 'referrer-policy': 'strict-origin-when-cross-origin' });
}
