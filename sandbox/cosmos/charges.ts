/**
 * Request units near the real ones, from the published points: 1 KB read 1, 100 KB read 10; 1 KB written 5 (and a little for the
 * index), 100 KB written 50; a replace takes the old document's terms out of the index and so costs about twice a create,
 * and a patch little less. Failed operations are charged too.
 * @see https://learn.microsoft.com/azure/cosmos-db/key-value-store-cost
 */
const kilobytesBeyondFirst = (bytes: number) => Math.max(0, bytes / 1024 - 1);

export const readCharge = (bytes: number) => 1 + 0.091 * kilobytesBeyondFirst(bytes);
export const createCharge = (bytes: number) => 5.29 + 0.46 * kilobytesBeyondFirst(bytes);
export const replaceCharge = (bytes: number) => 10.29 + 0.46 * kilobytesBeyondFirst(bytes);
export const patchCharge = (bytes: number) => 8.29 + 0.46 * kilobytesBeyondFirst(bytes);
export const failureCharge = (status: number) => (status === 404 || status === 304 ? 1 : 1.24);

/** A query pays for looking, for each document it loads, and for the kilobytes of them. */
export const queryCharge = ({ documents, bytes }: { documents: number; bytes: number }) =>
  2.28 + 0.05 * documents + (0.09 * bytes) / 1024;

/** Two decimals, as the service sends them. */
export const chargeText = (charge: number) => String(Math.round(charge * 100) / 100);
