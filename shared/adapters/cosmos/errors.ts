import { AppError } from '../../core/errors.ts';

// What the SDK gives up on by itself has another reason than the request: it may pass later.
const retryable: Readonly<Record<number, 'rate-limited' | 'timeout' | 'upstream'>> = {
  408: 'timeout',
  410: 'upstream',
  429: 'rate-limited',
  449: 'upstream',
  500: 'upstream',
  503: 'upstream',
};

/** The status of an answer that the SDK threw, found through the wrapping of batches; undefined for a broken connection. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return statusIn(error);
  return statusIn(error) ?? (error.cause === undefined ? undefined : statusOf(error.cause));
}

function statusIn(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
}

/** Every failure of Cosmos as an `AppError`; `what` names the operation and the container, never an id of a person. */
export function toAppError(error: unknown, what: string): AppError {
  if (error instanceof AppError) return error;
  const status = statusOf(error);
  const options = { vendor: 'cosmos' as const, cause: error };
  if (status === undefined)
    return new AppError('upstream', `cosmos ${what} could not be reached`, { ...options, maybeDone: true });
  const code = retryable[status];
  if (code)
    return new AppError(code, `cosmos ${what} answered ${status}`, { ...options, maybeDone: status !== 429 && status !== 449 });
  if (status === 401 || status === 403)
    return new AppError('settings', `cosmos ${what} answered ${status}: check its key or roles`, options);
  const known = { 404: 'not-found', 409: 'conflict', 412: 'conflict', 413: 'too-large' } as const;
  return new AppError(
    status in known ? known[status as keyof typeof known] : 'invalid-input',
    `cosmos ${what} answered ${status}`,
    options,
  );
}

/** Runs one request, its failures translated. */
export async function request<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toAppError(error, what);
  }
}
