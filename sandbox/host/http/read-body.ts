import type { IncomingMessage } from 'node:http';

/** The whole body, or why it is not read to its end: in Kestrel's own words. */
export type ReadBody = { readonly bytes: Buffer } | { readonly refused: string };

const usualMaxBytes = 104_857_600;
// Kestrel's MinRequestBodyDataRate: after a grace of 5 s, 240 bytes a second on the average.
const graceMs = 5_000;
const leastBytesPerSecond = 240;
const paceMs = 1_000;

/** The setting FUNCTIONS_REQUEST_BODY_SIZE_LIMIT of the real host, in bytes. */
export function maxBodyBytesOf(setting: string | undefined): number {
  if (setting === undefined || setting === '') return usualMaxBytes;
  const bytes = Number(setting);
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw new Error(`FUNCTIONS_REQUEST_BODY_SIZE_LIMIT must be a number of bytes, and not '${setting}'`);
}

/** Reads to the end, or to the limit; a length that is announced beyond it refuses before anything is read. */
export function readBody(incoming: IncomingMessage, maxBytes = usualMaxBytes): Promise<ReadBody> {
  const tooLarge = { refused: `Request body too large. The max request body size is ${maxBytes} bytes.` };
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve(tooLarge);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const startedAt = performance.now();
    let bytes = 0;
    const end = (read: ReadBody) => {
      clearInterval(pace);
      incoming.off('data', take);
      resolve(read);
    };
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) end(tooLarge);
      else chunks.push(chunk);
    };
    const pace = setInterval(() => {
      const elapsedMs = performance.now() - startedAt;
      if (elapsedMs > graceMs && bytes / elapsedMs < leastBytesPerSecond / 1_000) {
        end({ refused: 'Reading the request body timed out due to data arriving too slowly. See MinRequestBodyDataRate.' });
      }
    }, paceMs);
    incoming.on('data', take);
    incoming.once('end', () => end({ bytes: Buffer.concat(chunks) }));
    incoming.once('close', () => {
      clearInterval(pace);
      reject(new Error('the client went away before the end of the body'));
    });
  });
}
