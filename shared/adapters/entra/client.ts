import { ConfidentialClientApplication, type ICachePlugin } from '@azure/msal-node';
import type { Fetch } from '../request-json.ts';
import { createNetworkClient } from './network-client.ts';

export interface EntraAuthorityOptions {
  readonly tenantId: string;
  readonly clientId: string;
  /** A secret, or what gives an assertion in its place (`createManagedIdentityAssertion`). */
  readonly credential: { readonly secret: string } | { readonly assertion: () => Promise<string> };
  /** `https://login.microsoftonline.com`, or another cloud's; plain http is a stand-in of it. */
  readonly authorityUrl: string;
  /** Delegated permissions to Microsoft Graph. */
  readonly scopes?: readonly string[];
  readonly fetch: Fetch;
  readonly timeoutMs: number;
}

export interface EntraClient {
  readonly application: ConfidentialClientApplication;
  /** Runs one call of MSAL; `translate` makes our error of what it throws. */
  run<T>(call: () => Promise<T>, translate: (error: unknown) => unknown): Promise<T>;
  /** The cache as it is now, where the operation changed it. */
  changedCache(): string | undefined;
}

const microsoft = 'https://login.microsoftonline.com';

/**
 * MSAL for one operation of one person. Never shared: a shared application writes the tokens of everybody it served into
 * the cache of whoever comes next. Making one costs a hundredth of a millisecond and no request.
 */
export function createEntraClient(
  options: EntraAuthorityOptions,
  { cache, signal }: { readonly cache?: string; readonly signal?: AbortSignal | undefined },
): EntraClient {
  const { tenantId, clientId, credential, fetch, timeoutMs } = options;
  const network = createNetworkClient({ fetch, timeoutMs, signal, redirect: (url) => toAuthority(options, url) });
  let changed: string | undefined;
  const cachePlugin: ICachePlugin = {
    beforeCacheAccess(context) {
      const current = changed ?? cache;
      if (current !== undefined) context.tokenCache.deserialize(current);
      return Promise.resolve();
    },
    afterCacheAccess(context) {
      if (context.cacheHasChanged) changed = context.tokenCache.serialize();
      return Promise.resolve();
    },
  };
  const authority = `${isStandIn(options) ? microsoft : options.authorityUrl.replace(/\/$/, '')}/${tenantId}`;
  const proof = 'secret' in credential ? { clientSecret: credential.secret } : { clientAssertion: credential.assertion };
  const application = new ConfidentialClientApplication({
    auth: { clientId, authority, ...proof },
    cache: { cachePlugin },
    system: { networkClient: network },
  });
  return {
    application,
    async run(call, translate) {
      try {
        return await call();
      } catch (error) {
        throw network.failed() ?? translate(error);
      }
    },
    changedCache: () => changed,
  };
}

/** MSAL demands https of an authority, so a stand-in is put in its place where addresses leave MSAL. */
export function toAuthority(options: Pick<EntraAuthorityOptions, 'authorityUrl'>, url: string): string {
  return isStandIn(options) ? url.replace(microsoft, options.authorityUrl.replace(/\/$/, '')) : url;
}

function isStandIn({ authorityUrl }: Pick<EntraAuthorityOptions, 'authorityUrl'>): boolean {
  return authorityUrl.startsWith('http://');
}
