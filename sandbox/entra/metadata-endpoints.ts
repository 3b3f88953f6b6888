import type { Context } from 'hono';
import { EntraError, errorBody } from './errors.ts';
import { signedOutPage } from './page.ts';
import { correlationId, type EntraState } from './state.ts';

/** GET /{tenant}/v2.0/.well-known/openid-configuration */
export function answerMetadata(state: EntraState, c: Context): Promise<Response> {
  const { tenant } = state;
  return inTenant(state, c, () =>
    c.json({
      token_endpoint: tenant.url('/oauth2/v2.0/token'),
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      jwks_uri: tenant.url('/discovery/v2.0/keys'),
      response_modes_supported: ['query', 'fragment', 'form_post'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      issuer: tenant.issuer(),
      authorization_endpoint: tenant.url('/oauth2/v2.0/authorize'),
      end_session_endpoint: tenant.url('/oauth2/v2.0/logout'),
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'name', 'oid', 'tid', 'preferred_username', 'email', 'ver'],
    }),
  );
}

/** GET /{tenant}/discovery/v2.0/keys */
export function answerKeys(state: EntraState, c: Context): Promise<Response> {
  return inTenant(state, c, () => c.json({ keys: [{ ...state.key.published, issuer: state.tenant.issuer() }] }));
}

/** GET /{tenant}/oauth2/v2.0/logout: nobody stays signed in here, so there is only the way back. */
export function answerLogout(state: EntraState, c: Context): Promise<Response> {
  const target = c.req.query('post_logout_redirect_uri');
  const registered = state.tenant.clients.flatMap(({ redirectUris }) =>
    typeof redirectUris === 'function' ? redirectUris() : redirectUris,
  );
  return inTenant(state, c, async () =>
    target !== undefined && registered.includes(target) ? c.redirect(target, 302) : c.html(await signedOutPage()),
  );
}

async function inTenant(state: EntraState, c: Context, answer: () => Response | Promise<Response>): Promise<Response> {
  try {
    state.tenant.assertTenant(c.req.param('tenant') ?? '');
    return await answer();
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    const body = errorBody(error, { correlationId: correlationId(c.req.raw), now: state.clock.now() });
    return Response.json({ ...body, error: 'invalid_tenant' }, { status: 400 });
  }
}
