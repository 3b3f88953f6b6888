import type { z } from 'zod';
import { AppError, asAppError, type Vendor } from '../core/errors.ts';
import { withTimeLimit } from '../core/time-limit.ts';
import { currentTraceparent } from '../telemetry/index.ts';

export type Fetch = typeof globalThis.fetch;

/** Who asks, in the vendors' own logs and in the witnesses'. */
export const userAgent = 'adjutant';

export interface JsonRequest {
  readonly vendor: Vendor;
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Statuses that are answers, not errors, beside 2xx. */
  readonly accept?: readonly number[];
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where the vendor answered JSON, else undefined. */
  readonly body: unknown;
}

/**
 * One request to a vendor, every failure an `AppError` that names the vendor, the method and the path without its
 * query, never a body. `maybeDone` marks a failure after which the request may have been carried out.
 */
export async function requestJson(fetch: Fetch, request: JsonRequest): Promise<JsonAnswer> {
  const { vendor, method = 'GET', accept = [] } = request;
  const what = `${vendor} ${method} ${withoutNames(new URL(request.url).pathname)}`;
  return withTimeLimit([request.timeoutMs, request.signal], async (signal) => {
    const response = await send(fetch, { ...request, signal }, what);
    const body = await readJson(response, what, vendor);
    if (response.ok || accept.includes(response.status)) return { status: response.status, headers: response.headers, body };
    throw failure(response, what, { vendor, cause: body });
  });
}

/** An answer as the shape it should have. One of another shape is trouble of the vendor's, and what was asked may be done. */
export function readAs<T>(schema: z.ZodType<T>, body: unknown, vendor: Vendor): T {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw new AppError('upstream', `${vendor} answers in another shape`, { vendor, cause: read.error, maybeDone: true });
}

/** Addresses, chats and numbers stand in paths too, with their @ escaped or not. */
function withoutNames(path: string): string {
  const isName = (part: string) => /@|%40|^\+?\d{6,}$/i.test(part);
  return path
    .split('/')
    .map((part) => (isName(part) ? '…' : part))
    .join('/');
}

async function send(fetch: Fetch, request: JsonRequest & { signal: AbortSignal }, what: string): Promise<Response> {
  const traceparent = currentTraceparent();
  try {
    return await fetch(request.url, {
      method: request.method ?? 'GET',
      redirect: 'error',
      signal: request.signal,
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(traceparent === undefined ? {} : { traceparent }),
        ...request.headers,
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
  } catch (cause) {
    throw (
      asAppError(cause) ??
      failureOfCaller(request.signal) ??
      networkFailure(cause, isTimeUp(request.signal), { vendor: request.vendor, what })
    );
  }
}

/** Why the caller gave up, where it says so in our own words: a lost lease is no trouble of the vendor. */
function failureOfCaller(signal: AbortSignal): AppError | undefined {
  return signal.aborted ? asAppError(signal.reason) : undefined;
}

function isTimeUp(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
}

/** A refused connection did nothing; a broken one, or one that took too long, may have. */
function networkFailure(cause: unknown, timedOut: boolean, { vendor, what }: { vendor: Vendor; what: string }): AppError {
  if (timedOut) return new AppError('timeout', `${what} took too long`, { cause, vendor, maybeDone: true });
  const inner = cause instanceof Error ? cause.cause : undefined;
  const refused = inner instanceof Error && 'code' in inner && (inner.code === 'ECONNREFUSED' || inner.code === 'ENOTFOUND');
  return new AppError('upstream', `${what} could not be reached`, { cause, vendor, maybeDone: !refused });
}

async function readJson(response: Response, what: string, vendor: Vendor): Promise<unknown> {
  try {
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return isJson && text !== '' ? (JSON.parse(text) as unknown) : undefined;
  } catch (cause) {
    throw new AppError('upstream', `${what} broke off its answer`, { cause, vendor, maybeDone: true });
  }
}

const codeByStatus = {
  400: 'invalid-input',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  410: 'gone',
  412: 'conflict',
  413: 'too-large',
  422: 'invalid-input',
  429: 'rate-limited',
  504: 'timeout',
} as const;

/** The error an answer means. The cause keeps the vendor's body for adapters that read its code; it is never logged. */
export function failure(response: Response, what: string, options: { vendor: Vendor; cause?: unknown }): AppError {
  const { status } = response;
  const code =
    status in codeByStatus ? codeByStatus[status as keyof typeof codeByStatus] : status >= 500 ? 'upstream' : 'invalid-input';
  const retryAfterMs = retryAfter(response.headers.get('retry-after'));
  return new AppError(code, `${what} answered ${status}`, {
    ...options,
    maybeDone: status >= 500,
    ...(status === 401 ? { claims: claimsIn(response.headers.get('www-authenticate')) } : {}),
    retryAfterMs,
  });
}

// Far more than any policy asks for.
const maxClaimsChars = 4_096;

/** The claims challenge of a refused token (base64 of JSON, as Microsoft's APIs have it). */
function claimsIn(challenge: string | null): string | undefined {
  const [, encoded] = /\bclaims="([A-Za-z0-9+/=_-]+)"/.exec(challenge ?? '') ?? [];
  return encoded === undefined ? undefined : readClaims(Buffer.from(encoded, 'base64').toString('utf8'));
}

/** A claims challenge, where it is one: it is passed on to whoever brought the token. */
export function readClaims(claims: string): string | undefined {
  try {
    const value: unknown = claims.length > maxClaimsChars ? undefined : JSON.parse(claims);
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined;
  } catch {
    return undefined;
  }
}

// A vendor that asks for more is asked again after this.
const longestRetryAfterMs = 600_000;

/** Seconds, or an HTTP date (RFC 9110 §10.2.3). */
function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = Number(value);
  const asked = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(asked) ? undefined : Math.min(Math.max(0, asked), longestRetryAfterMs);
}
