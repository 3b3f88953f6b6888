import type { EntraAuthorityOptions } from '../adapters/entra/authority.ts';
import { createManagedIdentityAssertion } from '../adapters/entra/managed-identity.ts';
import type { Settings } from '../config/config.ts';
import { vendorFetch } from './vendor-fetch.ts';

/** How Entra is reached, and by what the application proves itself: its secret, else its managed identity. */
export function authorityOptions(settings: Settings): EntraAuthorityOptions {
  const secret = settings.ENTRA_CLIENT_SECRET;
  return {
    tenantId: settings.ENTRA_TENANT_ID,
    clientId: settings.ENTRA_CLIENT_ID,
    credential:
      secret === undefined
        ? { assertion: createManagedIdentityAssertion({ clientId: settings.MANAGED_IDENTITY_CLIENT_ID ?? '' }) }
        : { secret },
    authorityUrl: settings.ENTRA_AUTHORITY_URL,
    fetch: vendorFetch('entra'),
    timeoutMs: settings.VENDOR_TIMEOUT_SECONDS * 1_000,
  };
}
