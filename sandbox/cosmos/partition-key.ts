import { badRequest } from './errors.ts';
import { isObject, propertyOf, type JsonObject, type Value } from './json.ts';

const maxKeyBytes = 2_048;

/** The partition of a document: its key as the header spells it, `["a"]`; a key that is not there is `[{}]`. */
export function partitionOf(body: JsonObject, path: readonly string[]): string {
  const key = path.reduce<Value>((value, name) => (isObject(value) ? propertyOf(value, name) : undefined), body);
  if (typeof key === 'object' && key !== null) throw invalidKey(JSON.stringify(key));
  return JSON.stringify([key === undefined ? {} : key]);
}

/** The header `x-ms-documentdb-partitionkey`, spelled one way; undefined where it is not sent. */
export function parsePartitionHeader(header: string | null): string | undefined {
  if (header === null) return undefined;
  let key: unknown;
  try {
    key = JSON.parse(header);
  } catch {
    throw invalidKey(header);
  }
  const [only] = Array.isArray(key) ? (key as unknown[]) : [];
  const isKey = only === null || ['string', 'number', 'boolean'].includes(typeof only) || JSON.stringify(only) === '{}';
  if (!Array.isArray(key) || key.length !== 1 || !isKey) throw invalidKey(header);
  if (Buffer.byteLength(header) > maxKeyBytes + 4) throw badRequest('Partition key exceeded maximum size of 2048 bytes.');
  return JSON.stringify(key);
}

export function requirePartition(header: string | null): string {
  const partition = parsePartitionHeader(header);
  if (partition === undefined) throw badRequest('PartitionKey value must be supplied for this operation.');
  return partition;
}

const invalidKey = (key: string) => badRequest(`Partition key ${key} is invalid.`);
