import type { TokenCredential } from '@azure/core-auth';

/**
 * The managed identity, or on a developer's machine whoever is signed in to Azure. Its library is large and is loaded
 * with the first token, so that who has a key or a connection string never pays for it.
 */
export function createAzureCredential(managedIdentityClientId: string | undefined): TokenCredential {
  let credential: Promise<TokenCredential> | undefined;
  const load = async () => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return new DefaultAzureCredential(managedIdentityClientId === undefined ? {} : { managedIdentityClientId });
  };
  return {
    async getToken(scopes, options) {
      credential ??= load();
      return (await credential).getToken(scopes, options);
    },
  };
}
