import { ManagedIdentityApplication, type INetworkModule, type NetworkResponse } from '@azure/msal-node';
import { within } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';

/** What a federated credential of the app registration takes for its audience. */
const exchangeAudience = 'api://AzureADTokenExchange';

// MSAL repeats by itself and knows no limit, neither for a request nor for all of them.
const longestMs = 10_000;

/**
 * The assertion that stands in for a client secret: a token of the user-assigned managed identity. MSAL asks for it at
 * every call, also for one that its cache answers; the identity's token is kept by MSAL in the process.
 */
export function createManagedIdentityAssertion({
  clientId,
  timeoutMs = longestMs,
}: {
  readonly clientId: string;
  readonly timeoutMs?: number;
}): () => Promise<string> {
  let identity: ManagedIdentityApplication | undefined;
  return async () => {
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      identity ??= new ManagedIdentityApplication({
        managedIdentityIdParams: { userAssignedClientId: clientId },
        system: { networkClient: createLimitedNetwork(timeoutMs) },
      });
      return (await within(identity.acquireToken({ resource: exchangeAudience }), limit)).accessToken;
    } catch (cause) {
      const [code, how] = limit.aborted
        ? (['timeout', 'took too long to give a token'] as const)
        : (['upstream', 'gave no token'] as const);
      throw new AppError(code, `The managed identity ${how}`, { cause, vendor: 'entra' });
    }
  };
}

/** Each request of MSAL's within the limit; every status is an answer, which MSAL itself reads and repeats by. */
function createLimitedNetwork(timeoutMs: number): INetworkModule {
  const send = async <T>(url: string, request: RequestInit): Promise<NetworkResponse<T>> => {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    const text = await response.text();
    return { status: response.status, headers: Object.fromEntries(response.headers), body: readBody(text) as T };
  };
  return {
    sendGetRequestAsync: (url, given) => send(url, { method: 'GET', headers: given?.headers ?? {} }),
    sendPostRequestAsync: (url, given) => send(url, { method: 'POST', headers: given?.headers ?? {}, body: given?.body ?? '' }),
  };
}

/** MSAL reads an error from what is no JSON too, where it is given one. */
function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { error: 'invalid_response', error_description: 'The identity endpoint answered no JSON' };
  }
}
