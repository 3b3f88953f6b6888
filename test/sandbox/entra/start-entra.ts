import { createHash, randomBytes } from 'node:crypto';
import { ConfidentialClientApplication, type NodeAuthOptions } from '@azure/msal-node';
import { onTestFinished } from 'vitest';
import { createEntra, type EntraOptions } from '../../../sandbox/entra/entra.ts';
import { createSandboxContext, type SandboxContext } from '../../../sandbox/kit/context.ts';
import { listen, serveVendor } from '../../../sandbox/kit/http.ts';
import { organisation } from '../../../sandbox/seed/organisation.ts';
import { people } from '../../../sandbox/seed/people.ts';

export const { tenantId, clientId, clientSecret } = organisation;
export const redirectUri = 'http://127.0.0.1:7071/api/sign-in/callback';
export const otherClient = {
  clientId: '00000000-0000-4000-8000-0000000000c2',
  clientSecret: 'another-secret',
  redirectUris: [redirectUri],
  appRoles: [],
};
export const client = {
  clientId,
  clientSecret,
  redirectUris: () => [redirectUri],
  appRoles: ['Admin', 'Staff'],
  name: 'Adjutant',
  applicationPermissions: ['Sites.Selected'],
};
export const scopes = ['User.Read', 'Calendars.ReadWrite'];

/**
 * The endpoints by which the unmodified msal-node talks plain http: it demands https of an `authority` alone. It takes the
 * first segment of their path for the tenant, so this way works only for a stand-in without a prefix.
 */
export function authorityMetadata(base: string): string {
  return JSON.stringify({
    authorization_endpoint: `${base}/{tenantid}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/{tenantid}/oauth2/v2.0/token`,
    end_session_endpoint: `${base}/{tenantid}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/{tenantid}/discovery/v2.0/keys`,
    issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
  });
}

export async function startEntra(
  options: Partial<EntraOptions> & { readonly context?: SandboxContext; readonly directory?: string } = {},
) {
  const context =
    options.context ?? createSandboxContext(options.directory === undefined ? {} : { directory: options.directory });
  let base = '';
  const entra = createEntra(context, {
    tenantId,
    people,
    clients: [client, otherClient],
    baseUrl: () => base,
    ...options,
  });
  const { port, close } = await listen(serveVendor(context, entra.vendor));
  base = `http://127.0.0.1:${port}`;
  onTestFinished(async () => {
    context.clock.stop();
    await close();
  });
  const msal = (auth: Partial<NodeAuthOptions> = {}) =>
    new ConfidentialClientApplication({
      auth: {
        clientId,
        clientSecret,
        authority: `https://login.microsoftonline.com/${tenantId}`,
        authorityMetadata: authorityMetadata(base),
        ...auth,
      },
    });
  /** Asks the token endpoint as the registered client, `form` over it. */
  const ask = async (form: Record<string, string>, headers: Record<string, string> = {}) => {
    const response = await fetch(`${base}/${tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { context, entra, base, msal, ask };
}

export type StartedEntra = Awaited<ReturnType<typeof startEntra>>;

export function createPkce() {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** An authorisation request that is in order, `query` over it; an undefined value leaves a parameter out. */
export function authorizeUrl({ base }: { readonly base: string }, query: Record<string, string | undefined> = {}): string {
  const all: Record<string, string | undefined> = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid profile offline_access User.Read',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: createPkce().challenge,
    code_challenge_method: 'S256',
    ...query,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${base}/${tenantId}/oauth2/v2.0/authorize?${new URLSearchParams(given).toString()}`;
}

const entities: Record<string, string> = { '&amp;': '&', '&quot;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>' };
export const plain = (markup: string) => markup.replace(/&(?:amp|quot|#39|lt|gt);/g, (entity) => entities[entity] ?? entity);

/** Opens the page at `url` and presses the button of `account`, as a browser does; redirects are not followed. */
export async function choose(url: string, account: string): Promise<Response> {
  const page = await (await fetch(url)).text();
  const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1] ?? '';
  const request = /name="request" value="([^"]+)"/.exec(page)?.[1] ?? '';
  if (!page.includes(`name="account" value="${account}"`)) throw new Error(`no button for ${account} in ${page}`);
  return fetch(plain(action), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ request: plain(request), account }),
  });
}

/** What stands in the address the browser is sent back to. */
export function sentBack(response: Response): Record<string, string> {
  const location = response.headers.get('location');
  if (location === null) throw new Error(`${response.status} sends nobody anywhere`);
  const url = new URL(location);
  if (`${url.origin}${url.pathname}` !== redirectUri) throw new Error(`sent to ${location}`);
  return Object.fromEntries(url.searchParams);
}

/** Signs in by hand; returns a code and what redeems it. */
export async function codeFor(started: { readonly base: string }, email: string, query: Record<string, string> = {}) {
  const { verifier, challenge } = createPkce();
  const { code = '' } = sentBack(await choose(authorizeUrl(started, { code_challenge: challenge, ...query }), email));
  return { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri, client_info: '1' };
}
