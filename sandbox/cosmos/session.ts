import { CosmosError, badRequest } from './errors.ts';

/** One physical partition: range 0; version −1 as a single-region account sends it. */
export const sessionTokenOf = (lsn: number) => `0:-1#${lsn}`;

/** The log sequence number that a request's session token covers; 0 without one. */
export function lsnOfToken(token: string | null, newest: number): number {
  if (token === null || token === '') return 0;
  const lsns = token.split(',').map((part) => /^\d+:-?\d+#(\d+)/.exec(part)?.[1]);
  if (lsns.includes(undefined)) throw badRequest(`The session token provided '${token}' is invalid.`);
  const lsn = Math.max(...lsns.map(Number));
  if (lsn > newest) {
    throw new CosmosError(404, 'The read session is not available for the input session token.', 1002);
  }
  return lsn;
}
