import { Hono } from 'hono';
import type { SandboxContext } from '../kit/context.ts';
import { openCollection, openDatabase } from '../kit/database.ts';
import { showAccounts, signIn } from './authorize-endpoint.ts';
import { errorBody, errorOfStatus } from './errors.ts';
import { openGrants } from './grants.ts';
import { loadSigningKey } from './keys.ts';
import { answerKeys, answerLogout, answerMetadata } from './metadata-endpoints.ts';
import type { Entra, EntraOptions } from './options.ts';
import { everyScope } from './scopes.ts';
import type { EntraState } from './state.ts';
import { createTenant } from './tenant.ts';
import { answerToken, refuseMethod } from './token-endpoint.ts';
import { createTokens } from './tokens.ts';

export type { Audience, Entra, EntraClient, EntraOptions, FederatedCredential, VerifiedToken } from './options.ts';

/** Microsoft Entra ID, one tenant of it. @see README.md */
export function createEntra(context: SandboxContext, options: EntraOptions): Entra {
  const state = openState(context, options);
  const routes = createRoutes(state);
  let pending = 0;

  return {
    vendor: {
      vendor: 'entra',
      errorBody: (status) => errorBody(errorOfStatus(status), { correlationId: crypto.randomUUID(), now: context.clock.now() }),
      async fetch(request) {
        pending += 1;
        try {
          return await routes.fetch(request);
        } finally {
          pending -= 1;
        }
      },
    },
    verify: state.tokens.verify,
    async issueToken({ phoneOrEmail, audience }) {
      const account = state.tenant.accounts.find(({ phone, email }) => phone === phoneOrEmail || email === phoneOrEmail);
      const [client] = state.tenant.clients;
      if (!account || !client) throw new TypeError(`sandbox/entra: nobody is called '${phoneOrEmail}' here`);
      return state.tokens.accessToken({ client, account, granted: everyScope(audience, client) });
    },
    revoke(name) {
      const account = state.tenant.accountBySignInName(name);
      if (!account) throw new TypeError(`sandbox/entra: nobody is called '${name}' here`);
      state.grants.revoke(account.oid);
    },
    busy: () => pending > 0,
  };
}

function openState(context: SandboxContext, options: EntraOptions): EntraState {
  const { clock } = context;
  const database = openDatabase(context, 'entra');
  const tenant = createTenant(options);
  const key = loadSigningKey(clock, openCollection(database, 'keys'));
  const { accessTokenLifetimeSeconds } = options;
  const tokens = createTokens({ clock, tenant, key, accessTokenLifetimeSeconds });
  return { clock, tenant, key, tokens, grants: openGrants(clock, database) };
}

function createRoutes(state: EntraState): Hono {
  const app = new Hono();
  app.on(['GET', 'POST'], '/:tenant/oauth2/v2.0/authorize', (c) => showAccounts(state, c));
  app.post('/:tenant/login', (c) => signIn(state, c));
  app.post('/:tenant/oauth2/v2.0/token', (c) => answerToken(state, c));
  app.all('/:tenant/oauth2/v2.0/token', (c) => refuseMethod(state, c));
  app.get('/:tenant/oauth2/v2.0/logout', (c) => answerLogout(state, c));
  app.get('/:tenant/v2.0/.well-known/openid-configuration', (c) => answerMetadata(state, c));
  app.get('/:tenant/discovery/v2.0/keys', (c) => answerKeys(state, c));
  app.notFound((c) => c.text(`sandbox/entra does not play ${c.req.method} ${c.req.path}`, 404));
  return app;
}
