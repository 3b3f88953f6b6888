import { messagesOf, query, readErrorResponse, readyForQuery, type SqlError, type TransactionStatus } from './wire.ts';

/** What PGlite answered, put right. */
export interface Answer {
  readonly bytes: Buffer;
  readonly status: TransactionStatus;
  readonly error: SqlError | undefined;
}

/** The one session of the database, for one client at a time. */
export interface Backend {
  /** Resolves when nobody else holds the session, to the function that gives it back. */
  acquire(): Promise<() => void>;
  /** Only for the holder. `ready` adds the ReadyForQuery that a Sync or Query is answered with. */
  execute(bytes: Buffer, ready: boolean): Promise<Answer>;
  /** Runs one statement for the house; its answer is nobody's. */
  run(sql: string): Promise<Answer>;
}

/**
 * @param execProtocol PGlite's `execProtocolRaw`. After an error in an extended batch it answers ReadyForQuery twice,
 *   which desynchronises every client; here it is exactly one, the last.
 */
export function createBackend(execProtocol: (bytes: Uint8Array) => Promise<Uint8Array>): Backend {
  let status: TransactionStatus = 'I';
  let last = Promise.resolve();

  const execute = async (bytes: Buffer, ready: boolean): Promise<Answer> => {
    const kept: Buffer[] = [];
    let error: SqlError | undefined;
    for (const answered of messagesOf(Buffer.from(await execProtocol(bytes)))) {
      if (answered.type === 'Z') {
        status = answered.body.toString('latin1', 0, 1) as TransactionStatus; // the protocol knows no other letter
        continue;
      }
      if (answered.type === 'E') error = readErrorResponse(answered.body);
      if (answered.type !== 'A') kept.push(answered.bytes); // notifications would reach the wrong client
    }
    if (ready) kept.push(readyForQuery(status));
    return { bytes: Buffer.concat(kept), status, error };
  };

  return {
    acquire() {
      const before = last;
      return new Promise((holds) => {
        last = new Promise((giveBack) => void before.then(() => holds(giveBack)));
      });
    },
    execute,
    run: (sql) => execute(query(sql), true),
  };
}
