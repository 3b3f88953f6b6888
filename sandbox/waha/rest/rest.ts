import type { AccountActions } from '../account-actions.ts';
import type { Sending } from '../account-send.ts';
import { refusal } from '../errors.ts';
import type { Internals } from '../internals.ts';

/** What every route may read: the body, parsed before anything else is looked at. */
export interface Env {
  Variables: { body: Readonly<Record<string, unknown>> };
}

export interface Rest extends Internals {
  readonly account: AccountActions & Sending;
}

/** The session named in a body or a query. */
export function sessionNamed(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw refusal(400, 'Session name is required');
  return value;
}

export const textOr = <T>(value: unknown, otherwise: T): string | T => (typeof value === 'string' ? value : otherwise);
