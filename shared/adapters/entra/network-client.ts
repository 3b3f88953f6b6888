import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { AppError } from '../../core/errors.ts';
import { currentTraceparent } from '../../telemetry/index.ts';
import { failure, type Fetch } from '../request-json.ts';

export interface NetworkOptions {
  readonly fetch: Fetch;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Where a request to `url` really goes. */
  readonly redirect: (url: string) => string;
}

/**
 * What MSAL sends with, for one operation: it knows neither a time limit nor a signal of its own, and of an error of the
 * network it keeps no more than that there was one. So the error is kept here.
 */
export interface NetworkClient extends INetworkModule {
  /** Why nothing usable came back, where that is so. */
  failed(): AppError | undefined;
}

export function createNetworkClient(options: NetworkOptions): NetworkClient {
  let failed: AppError | undefined;
  const send = async <T>(url: string, request: RequestInit): Promise<NetworkResponse<T>> => {
    try {
      return await exchange<T>(options, url, request);
    } catch (error) {
      if (error instanceof AppError) failed = error;
      throw error;
    }
  };
  const headersOf = (given: NetworkRequestOptions | undefined) => given?.headers ?? {};
  return {
    failed: () => failed,
    sendGetRequestAsync: (url, given) => send(url, { method: 'GET', headers: headersOf(given) }),
    sendPostRequestAsync: (url, given) => send(url, { method: 'POST', headers: headersOf(given), body: given?.body ?? '' }),
  };
}

/** One exchange. A 4xx with a JSON body is an answer that MSAL reads; 429, 5xx and silence are failures. */
async function exchange<T>(options: NetworkOptions, url: string, request: RequestInit): Promise<NetworkResponse<T>> {
  const what = `entra ${request.method ?? 'GET'} ${new URL(url).pathname.split('/').slice(2).join('/')}`;
  const limit = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const traceparent = currentTraceparent();
  const headers = { ...(request.headers as Record<string, string>), ...(traceparent === undefined ? {} : { traceparent }) };
  try {
    const response = await options.fetch(options.redirect(url), { ...request, headers, signal, redirect: 'error' });
    const text = await response.text();
    if (response.status === 429 || response.status >= 500) throw failure(response, what, { vendor: 'entra' });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: JSON.parse(text) as T };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const [code, how] = limit.aborted
      ? (['timeout', 'took too long'] as const)
      : (['upstream', 'gave no usable answer'] as const);
    throw new AppError(code, `${what} ${how}`, { cause, vendor: 'entra', maybeDone: true });
  }
}
