import { message, readCStrings, type Message, type MessageReader } from './wire.ts';

/** What a client sends before it waits for an answer: the messages up to a Sync, a Query or a Flush. */
export interface Unit {
  readonly bytes: Buffer;
  readonly end: 'sync' | 'query' | 'flush';
  /** The statements in it, for the journal. */
  readonly sql: string;
}

export interface UnitReader {
  /** The next unit; undefined when the client said goodbye or is gone; `refused` for a message that is not played. */
  next(): Promise<Unit | 'refused' | undefined>;
  /** The names under which this client's prepared statements stand in the shared session. */
  preparedNames(): string[];
}

const ends: Readonly<Record<string, Unit['end']>> = { S: 'sync', Q: 'query', H: 'flush' };
const ofCopyMode = 'dcf'; // a backend ignores them outside COPY

/** All clients share one session: a named prepared statement gets the client's id before its name, so that none collide. */
export function createUnitReader(reader: MessageReader, clientId: number): UnitReader {
  const statements = new Map<string, string>(); // SQL by the name in the shared session

  const own = (name: string) => (name === '' ? '' : `${clientId}:${name}`);

  /** The message with the statement's name made the client's own, and the SQL it stands for. */
  const translate = ({ type, body, bytes }: Message): { bytes: Buffer; sql?: string } => {
    if (type === 'Q') return { bytes, sql: readCStrings(body, 1).texts[0] };
    if (type === 'P') {
      const { texts, end } = readCStrings(body, 2);
      const [name = '', sql = ''] = texts;
      if (name === '') return { bytes, sql };
      statements.set(own(name), sql);
      return { bytes: message('P', own(name), sql, body.subarray(end)) };
    }
    if (type === 'B') {
      const { texts, end } = readCStrings(body, 2);
      const [portal = '', name = ''] = texts;
      if (name === '') return { bytes };
      return { bytes: message('B', portal, own(name), body.subarray(end)), sql: statements.get(own(name)) };
    }
    if ((type === 'D' || type === 'C') && body[0] === 'S'.charCodeAt(0)) {
      const name = readCStrings(body, 1, 1).texts[0] ?? '';
      if (type === 'C') statements.delete(own(name));
      return { bytes: message(type, Buffer.from('S'), own(name)) };
    }
    return { bytes };
  };

  return {
    async next() {
      const parts: Buffer[] = [];
      const sql: string[] = [];
      for (;;) {
        const received = await reader.next();
        if (!received || received.type === 'X') return undefined;
        if (ofCopyMode.includes(received.type)) continue;
        if (!'PBDECSQH'.includes(received.type)) return 'refused';
        const translated = translate(received);
        parts.push(translated.bytes);
        if (translated.sql !== undefined) sql.push(translated.sql);
        const end = ends[received.type];
        if (end) return { bytes: Buffer.concat(parts), end, sql: sql.join(';\n') };
      }
    },
    preparedNames: () => [...statements.keys()],
  };
}
