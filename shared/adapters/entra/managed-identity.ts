import { ManagedIdentityApplication } from '@azure/msal-node';
import { AppError } from '../../core/errors.ts';

/** What a federated credential of the app registration takes for its audience. */
const exchangeAudience = 'api://AzureADTokenExchange';

/**
 * The assertion that stands in for a client secret: a token of the user-assigned managed identity. MSAL asks for it at
 * every call, also for one that its cache answers; the identity's token is kept by MSAL in the process.
 */
export function createManagedIdentityAssertion({ clientId }: { readonly clientId: string }): () => Promise<string> {
  let identity: ManagedIdentityApplication | undefined;
  return async () => {
    try {
      identity ??= new ManagedIdentityApplication({ managedIdentityIdParams: { userAssignedClientId: clientId } });
      return (await identity.acquireToken({ resource: exchangeAudience })).accessToken;
    } catch (cause) {
      throw new AppError('upstream', 'The managed identity gave no token', { cause, vendor: 'entra' });
    }
  };
}
