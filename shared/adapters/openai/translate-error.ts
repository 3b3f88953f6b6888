import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { AppError, asAppError } from '../../core/errors.ts';

// A vendor that asks for more is asked again after this.
const longestRetryAfterMs = 600_000;

/** Every failure of a request as an `AppError`; what one model refuses as such is refused by the other too. */
export function translateError(error: unknown): AppError {
  const known = asAppError(error);
  if (known) return known;
  const options = { vendor: 'openai' as const, cause: error };
  if (isTimeout(error)) return new AppError('timeout', 'openai took too long', options);
  if (error instanceof APIConnectionError) return new AppError('upstream', 'openai could not be reached', options);
  // The SDK throws what its parsing threw: a 200 with no JSON, with half of it, with nothing that a response could be.
  if (!(error instanceof APIError)) return new AppError('upstream', 'openai answers in another shape', options);
  const { status } = error as { status: number | undefined };
  if (status === 401 || status === 403) return new AppError('upstream', `openai answered ${status}: check its key`, options);
  if (status === 404) return new AppError('upstream', 'openai does not know the model', options);
  const waiting = { ...options, ...retryAfter(error.headers) };
  if (status === 429) return new AppError('rate-limited', 'openai answered 429', waiting);
  if (status === undefined || status === 408 || status === 409 || status >= 500)
    return new AppError('upstream', `openai answered ${status ?? 'nothing'}`, waiting);
  return new AppError('invalid-input', `openai answered ${status}`, options);
}

/** Whoever asked gave up, or the SDK did; while the body is read, it throws the abort as it came. */
function isTimeout(error: unknown): boolean {
  if (error instanceof APIUserAbortError || error instanceof APIConnectionTimeoutError) return true;
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

/** Seconds, or an HTTP date (RFC 9110 §10.2.3). */
function retryAfter(headers: unknown): { retryAfterMs?: number } {
  const value = headers instanceof Headers ? headers.get('retry-after') : null;
  if (value === null) return {};
  const seconds = Number(value);
  const asked = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(asked) ? {} : { retryAfterMs: Math.min(Math.max(0, asked), longestRetryAfterMs) };
}
