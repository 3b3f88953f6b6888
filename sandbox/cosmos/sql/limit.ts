import { badRequest } from '../errors.ts';
import type { Scope } from './scope.ts';

export function parseOffsetLimit(scope: Scope): { offset: number; limit: number | undefined } {
  if (!scope.reader.takes('OFFSET')) return { offset: 0, limit: undefined };
  const offset = parseCount(scope);
  scope.reader.expect('LIMIT');
  return { offset, limit: parseCount(scope) };
}

/** A count as TOP, OFFSET and LIMIT take it: a number, or a parameter. */
export function parseCount({ reader, parameters }: Scope): number {
  const { kind, text } = reader.next();
  const count = kind === 'number' ? Number(text) : kind === 'parameter' ? parameters.get(text) : undefined;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) {
    throw badRequest(`'${text}' is not a valid count: a non-negative integer is expected.`);
  }
  return count;
}
