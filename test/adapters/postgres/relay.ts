import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire between a client and a database, to be cut. */
export interface Relay {
  readonly url: string;
  /** Answers no longer get through; the connections stay open. */
  freeze(): void;
  thaw(): void;
  /** Breaks every connection; with `refusing`, new ones are broken too. */
  cut(refusing?: 'refusing'): void;
  mend(): void;
  /** How many connections were made so far. */
  connections(): number;
  close(): Promise<void>;
}

export async function createRelay(databaseUrl: string): Promise<Relay> {
  const target = new URL(databaseUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let frozen = false;
  let refusing = false;
  let made = 0;
  const server = createServer((client) => {
    made += 1;
    if (refusing) return client.destroy();
    const database = connect(Number(target.port || 5432), target.hostname);
    const pair = [client, database] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    client.on('data', (chunk) => database.write(chunk));
    database.on('data', (chunk) => frozen || client.write(chunk));
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => pairs.forEach(([client]) => client.destroy());
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    freeze: () => void (frozen = true),
    thaw: () => void (frozen = false),
    cut(how) {
      refusing = how === 'refusing';
      cut();
    },
    mend: () => void (refusing = false),
    connections: () => made,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
