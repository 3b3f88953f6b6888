import type { Socket } from 'node:net';

/** @see https://www.postgresql.org/docs/current/protocol-message-formats.html */
export interface Message {
  /** One letter; empty for the messages of a start-up, which have none. */
  readonly type: string;
  readonly body: Buffer;
  /** The message as it came, header included. */
  readonly bytes: Buffer;
}

const maxMessageBytes = 256 * 1024 * 1024;

export interface MessageReader {
  /** The next message, or undefined when the client is gone. `startup` reads one that has no type. */
  next(startup?: 'startup'): Promise<Message | undefined>;
}

export function createMessageReader(socket: Socket): MessageReader {
  const incoming = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let chunks: Buffer[] = [];
  let size = 0;

  const has = async (bytes: number): Promise<boolean> => {
    while (size < bytes) {
      const chunk = await incoming.next().catch(() => undefined); // a connection reset is an end like another
      if (!chunk || chunk.done) return false;
      chunks.push(chunk.value);
      size += chunk.value.length;
    }
    return true;
  };
  const joined = () => {
    const [first, ...more] = chunks;
    const all = first && more.length === 0 ? first : Buffer.concat(chunks);
    chunks = [all];
    return all;
  };

  return {
    async next(startup) {
      const typeBytes = startup ? 0 : 1;
      if (!(await has(typeBytes + 4))) return undefined;
      const length = joined().readInt32BE(typeBytes) + typeBytes;
      if (length < typeBytes + 4 || length > maxMessageBytes) return undefined; // no client of ours: hang up
      if (!(await has(length))) return undefined;
      const all = joined();
      chunks = [all.subarray(length)];
      size -= length;
      const bytes = all.subarray(0, length);
      return { type: startup ? '' : bytes.toString('latin1', 0, 1), body: bytes.subarray(typeBytes + 4), bytes };
    },
  };
}

/** The messages of a buffer that holds whole ones only, as a backend answers. */
export function* messagesOf(buffer: Buffer): Generator<Message> {
  for (let offset = 0; offset < buffer.length;) {
    const end = offset + 1 + buffer.readInt32BE(offset + 1);
    const bytes = buffer.subarray(offset, end);
    yield { type: bytes.toString('latin1', 0, 1), body: bytes.subarray(5), bytes };
    offset = end;
  }
}

export function message(type: string, ...parts: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? cString(part) : part)));
  const header = Buffer.alloc(5);
  header.write(type, 'latin1');
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

export const cString = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf8');

export function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

/** The strings, each ended by a zero byte, that `body` begins with from `offset`; at most `count`. */
export function readCStrings(body: Buffer, count: number, offset = 0): { texts: string[]; end: number } {
  const texts: string[] = [];
  let from = offset;
  while (texts.length < count) {
    const zero = body.indexOf(0, from);
    if (zero < 0) break;
    texts.push(body.toString('utf8', from, zero));
    from = zero + 1;
  }
  return { texts, end: from };
}

/** `I` no transaction, `T` in one, `E` in one that failed. */
export type TransactionStatus = 'I' | 'T' | 'E';

export const query = (sql: string): Buffer => message('Q', sql);
export const readyForQuery = (status: TransactionStatus): Buffer => message('Z', Buffer.from(status));

export interface SqlError {
  readonly code: string;
  readonly message: string;
}

export function errorResponse(severity: 'ERROR' | 'FATAL', { code, message: text }: SqlError): Buffer {
  return message('E', `S${severity}`, `V${severity}`, `C${code}`, `M${text}`, Buffer.alloc(1));
}

export function readErrorResponse(body: Buffer): SqlError {
  const { texts } = readCStrings(body, 32);
  const field = (letter: string) => texts.find((text) => text.startsWith(letter))?.slice(1) ?? '';
  return { code: field('C'), message: field('M') };
}
