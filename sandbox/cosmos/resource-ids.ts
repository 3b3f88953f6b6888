/** `_rid`: 4 bytes of the database, 4 of the container, 8 of the document; base64 with `-` for `/`. */
const encode = (bytes: Buffer) => bytes.toString('base64').replaceAll('/', '-');

function bytesOf(number: number, length: 4 | 8): Buffer {
  const buffer = Buffer.alloc(length);
  if (length === 4) buffer.writeUInt32BE(number);
  else buffer.writeBigUInt64LE(BigInt(number));
  return buffer;
}

// A container's number has its highest bit set.
const containerBytes = (database: number, container: number) =>
  Buffer.concat([bytesOf(database, 4), bytesOf(0x8000_0000 + container, 4)]);

export const databaseRid = (database: number) => encode(bytesOf(database, 4));
export const containerRid = (database: number, container: number) => encode(containerBytes(database, container));
export const documentRid = (database: number, container: number, document: number) =>
  encode(Buffer.concat([containerBytes(database, container), bytesOf(document, 8)]));

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0').slice(-digits);

/** Changes with each write, quotes included, in the service's shape. */
export function etagOf(sequence: number, seconds: number): string {
  const low = hex(sequence % 2 ** 32, 8);
  const high = hex(Math.floor(sequence / 2 ** 32), 4);
  return `"${low}-${high}-0700-0000-${hex(seconds, 8)}0000"`;
}
