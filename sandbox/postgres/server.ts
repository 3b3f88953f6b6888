import { PGlite } from '@electric-sql/pglite';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Fault } from '../kit/faults.ts';
import { createBackend } from './backend.ts';
import type { FromServer, Supervisor, ToServer } from './channel.ts';
import { lockFolder } from './folder-lock.ts';
import { serveClient } from './serve-client.ts';

/**
 * The child process of `createPostgres`: PGlite runs its SQL on the thread that calls it. Arguments: the port, and the
 * folder for state ('' keeps it in memory). It ends with its parent, whose end of the channel closes.
 */
const [port = '0', directory = ''] = process.argv.slice(2);

const tell = (message: FromServer): void => {
  if (process.connected) process.send?.(message, () => undefined); // the parent may be dying
};

function createSupervisor(): Supervisor & {
  goOn(id: number, fault: Fault | undefined): void;
  struck(id: number, isStruck: boolean): void;
} {
  const waiting = new Map<number, (fault: Fault | undefined) => void>();
  const striking = new Map<number, (isStruck: boolean) => void>();
  let lastId = 0;
  return {
    async ask(subject, asker) {
      const id = (lastId += 1);
      const fault = await new Promise<Fault | undefined>((resolve) => {
        waiting.set(id, resolve);
        tell({ kind: 'asked', id, subject, asker });
      });
      return {
        fault,
        strike: (fault, asker) =>
          new Promise((resolve) => {
            striking.set(id, resolve);
            tell({ kind: 'strike', id, fault, asker });
          }),
        answered: (outcome) => tell({ kind: 'answered', id, outcome }),
      };
    },
    goOn(id, fault) {
      waiting.get(id)?.(fault);
      waiting.delete(id);
    },
    struck(id, isStruck) {
      striking.get(id)?.(isStruck);
      striking.delete(id);
    },
  };
}

async function start(): Promise<void> {
  if (directory !== '') lockFolder(directory);
  const database = await PGlite.create(directory === '' ? {} : { dataDir: join(directory, 'postgres') });
  const { rows } = await database.query<{ server_version: string }>('SHOW server_version');
  // A backend that threw is dead, and so is this process.
  const backend = createBackend((bytes) => database.execProtocolRaw(bytes).catch(die));
  const supervisor = createSupervisor();
  const sockets = new Set<Socket>();
  let lastClient = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const id = (lastClient += 1);
    serveClient(socket, { id, backend, supervisor, serverVersion: rows[0]?.server_version ?? '' }).catch(die);
  });
  const dropConnections = () => sockets.forEach((socket) => socket.destroy());

  process.on('message', (message: ToServer) => {
    if (message.kind === 'go-on') supervisor.goOn(message.id, message.fault);
    else if (message.kind === 'struck') supervisor.struck(message.id, message.isStruck);
    else dropConnections();
  });
  process.once('disconnect', () => {
    dropConnections();
    setTimeout(() => process.exit(), 3_000);
    void database.close().finally(() => process.exit());
  });
  server.on('error', refuse);
  server.listen(Number(port), '127.0.0.1', () => tell({ kind: 'ready', port: (server.address() as AddressInfo).port }));
}

function refuse(error: Error): void {
  tell({ kind: 'refused', reason: error.message });
  process.disconnect();
  process.exit(1);
}

function die(error: unknown): never {
  process.stderr.write(`sandbox/postgres: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

process.once('disconnect', () => setTimeout(() => process.exit(), 10_000).unref()); // in mid-start there is nothing to close
start().catch((error: unknown) => refuse(error instanceof Error ? error : new Error(String(error))));
