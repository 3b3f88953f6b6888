import type { GetTokenOptions, TokenCredential } from '@azure/core-auth';
import { within } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';

// The first token of a process takes a second or two; the library itself waits for ever.
const longestMs = 10_000;

/**
 * The managed identity, or on a developer's machine whoever is signed in to Azure. Its library is large and is loaded
 * with the first token, so that who has a key or a connection string never pays for it.
 */
export function createAzureCredential(
  managedIdentityClientId: string | undefined,
  { timeoutMs = longestMs }: { timeoutMs?: number } = {},
): TokenCredential {
  let credential: Promise<TokenCredential> | undefined;
  const load = async () => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return new DefaultAzureCredential(managedIdentityClientId === undefined ? {} : { managedIdentityClientId });
  };
  return {
    async getToken(scopes, options) {
      const limit = AbortSignal.timeout(timeoutMs);
      const signal = eitherOf(limit, options);
      credential ??= load();
      const asked = credential.then((loaded) => loaded.getToken(scopes, { ...options, abortSignal: signal }));
      try {
        // Not every one of the ways in which the library asks heeds the signal.
        return await within(asked, signal);
      } catch (cause) {
        if (!limit.aborted) throw cause;
        throw new AppError('timeout', 'The managed identity took too long to give a token', { vendor: 'entra', cause });
      }
    },
  };
}

/** Aborted with whichever comes first: our limit, or the caller's own signal, which may be none of the platform's. */
function eitherOf(limit: AbortSignal, { abortSignal }: GetTokenOptions = {}): AbortSignal {
  const caller = new AbortController();
  if (abortSignal?.aborted === true) caller.abort();
  abortSignal?.addEventListener('abort', () => {
    caller.abort();
  });
  return AbortSignal.any([limit, caller.signal]);
}
