import type { Socket } from 'node:net';
import { errorResponse, int32, message, readCStrings, readyForQuery, type MessageReader, type SqlError } from './wire.ts';

/** The one database and its one user; the password is asked for in clear, so that a client must have one. */
export const login = { user: 'postgres', password: 'sandbox', database: 'postgres' } as const;

const sslRequest = 80877103;
const gssRequest = 80877104;
const cancelRequest = 80877102;

export const fatal = (socket: Socket, error: SqlError): void => void socket.end(errorResponse('FATAL', error));

/**
 * Start-up and password, up to but without the first ReadyForQuery.
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP
 * @returns Whether the client is let in; if not it has been told, and the connection is closing.
 */
export async function greet(socket: Socket, reader: MessageReader): Promise<boolean> {
  for (;;) {
    const startup = await reader.next('startup');
    if (!startup || startup.body.length < 4) return false;
    const version = startup.body.readInt32BE(0);
    if (version === sslRequest || version === gssRequest) {
      socket.write('N');
      continue;
    }
    if (version === cancelRequest) return false; // one session: what runs has ended before this is read
    if (version >>> 16 !== 3) {
      fatal(socket, { code: '0A000', message: `unsupported frontend protocol ${version >>> 16}.${version & 0xffff}` });
      return false;
    }
    if ((version & 0xffff) > 0) socket.write(message('v', int32(3 << 16), int32(0)));
    return authenticate(socket, reader, readParameters(startup.body));
  }
}

function readParameters(body: Buffer): ReadonlyMap<string, string> {
  const { texts } = readCStrings(body, 200, 4);
  return new Map(texts.flatMap((name, index) => (index % 2 === 0 && name !== '' ? [[name, texts[index + 1] ?? '']] : [])));
}

async function authenticate(socket: Socket, reader: MessageReader, parameters: ReadonlyMap<string, string>): Promise<boolean> {
  const user = parameters.get('user') ?? '';
  socket.write(message('R', int32(3)));
  const answer = await reader.next();
  if (answer?.type !== 'p') return false;
  if (user !== login.user || readCStrings(answer.body, 1).texts[0] !== login.password) {
    fatal(socket, { code: '28P01', message: `password authentication failed for user "${user}"` });
    return false;
  }
  const database = parameters.get('database') ?? user;
  if (database !== login.database) {
    fatal(socket, { code: '3D000', message: `database "${database}" does not exist` });
    return false;
  }
  return true;
}

/** What a client is told once it is in. */
export function welcome(clientId: number, serverVersion: string): Buffer {
  const parameters = {
    server_version: serverVersion,
    server_encoding: 'UTF8',
    client_encoding: 'UTF8',
    DateStyle: 'ISO, MDY',
    IntervalStyle: 'postgres',
    TimeZone: 'GMT',
    integer_datetimes: 'on',
    standard_conforming_strings: 'on',
  };
  return Buffer.concat([
    message('R', int32(0)),
    ...Object.entries(parameters).map(([name, value]) => message('S', name, value)),
    message('K', int32(clientId), int32(0)),
    readyForQuery('I'),
  ]);
}
