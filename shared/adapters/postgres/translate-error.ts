import pg from 'pg';
import { AppError, asAppError } from '../../core/errors.ts';

const timeouts = /^(Query read timeout|timeout exceeded when trying to connect|Connection terminated due to connection timeout)/;
// statement_timeout, lock_timeout, and the socket's own
const timeoutCodes: readonly (string | undefined)[] = ['57014', '55P03', 'ETIMEDOUT'];

/** Runs `work` and turns what the database or the way to it threw into an `AppError`; a bug of ours stays what it is. */
export async function translated<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translateError(what, error);
  }
}

/** The message names the SQLSTATE alone: the server's text can quote values. */
export function translateError(what: string, error: unknown): unknown {
  if (asAppError(error) || !(error instanceof Error) || isBug(error)) return error;
  const code = codeOf(error);
  const kind = timeouts.test(error.message) || timeoutCodes.includes(code) ? 'timeout' : 'upstream';
  const reason = error instanceof pg.DatabaseError ? `SQLSTATE ${code ?? 'unknown'}` : (code ?? 'connection lost');
  return new AppError(kind, `Postgres failed to ${what}: ${reason}`, { cause: error, vendor: 'postgres' });
}

const bugs = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Node gives its own errors of arguments a code too, but no network error is one of these classes. */
const isBug = (error: Error): boolean => bugs.some((bug) => error instanceof bug);

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
