import type { TokenCredential } from '@azure/identity';

/** The identity of the process, or the user-assigned one of `clientId`; its library is loaded only where it is needed. */
export async function createCredential(clientId: string | undefined): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
}
