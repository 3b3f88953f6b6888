import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** What went over the wire to a PostgreSQL: statements executed, rows answered, bytes both ways. */
export interface SqlUse {
  readonly statements: number;
  readonly rows: number;
  readonly bytes: number;
}

export interface SqlMeter {
  /** The address to give to whoever is to be measured. */
  readonly url: string;
  read(): SqlUse;
  reset(): void;
  close(): void;
}

/** Counts messages of one type in a stream of the PostgreSQL protocol: a type byte, then a length that counts itself. */
function createCounter(count: (type: string) => void, isFrontend: boolean): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  let isStarting = isFrontend;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      // The first messages of a client have no type: SSL request and start-up.
      const lengthAt = isStarting ? 0 : 1;
      if (rest.length < lengthAt + 4) return;
      const length = lengthAt + rest.readUInt32BE(lengthAt);
      if (rest.length < length) return;
      if (isStarting) isStarting = rest.readUInt32BE(4) === 80877103;
      else count(String.fromCharCode(rest[0] ?? 0));
      rest = rest.subarray(length);
    }
  };
}

/** A proxy before a database that counts what passes. */
export async function startSqlMeter(databaseUrl: string): Promise<SqlMeter> {
  const target = new URL(databaseUrl);
  let [statements, rows, bytes] = [0, 0, 0];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    const asked = createCounter((type) => (statements += type === 'E' || type === 'Q' ? 1 : 0), true);
    const answered = createCounter((type) => (rows += type === 'D' ? 1 : 0), false);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk: Buffer) => ((bytes += chunk.length), asked(chunk), upstream.write(chunk)));
    upstream.on('data', (chunk: Buffer) => ((bytes += chunk.length), answered(chunk), client.write(chunk)));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    read: () => ({ statements, rows, bytes }),
    reset: () => void ([statements, rows, bytes] = [0, 0, 0]),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
