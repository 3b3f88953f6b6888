import { badRequest } from './errors.ts';
import type { Value } from './json.ts';
import type { StoredDocument } from './store.ts';

const maxTtl = 2_147_483_647;

const isTtl = (value: Value) =>
  typeof value === 'number' && Number.isInteger(value) && (value === -1 || (value > 0 && value <= maxTtl));

/** A document's own `ttl` counts only where the container has TTL switched on; −1 is for ever. */
export function isExpired(document: StoredDocument, defaultTtl: Value, now: number): boolean {
  if (typeof defaultTtl !== 'number') return false;
  const own = document.body.ttl;
  const seconds = typeof own === 'number' ? own : defaultTtl;
  return seconds > 0 && now >= document.writtenAt + seconds * 1_000;
}

export function assertTtl(value: Value): void {
  if (value === undefined || isTtl(value)) return;
  throw badRequest(
    `The input ttl '${JSON.stringify(value)}' is invalid. Ensure to provide a nonzero positive integer up to ${maxTtl}, or -1 for never expiring.`,
  );
}
