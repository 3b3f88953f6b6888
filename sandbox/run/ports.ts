import { once } from 'node:events';
import { createServer } from 'node:net';

/** Somebody else listens where the sandbox is to listen. */
export class PortInUse extends Error {
  readonly code = 'EADDRINUSE';

  constructor(port: number, variable: string) {
    super(`Port ${port} is in use: end what runs there, or set ${variable} to a free port.`);
  }
}

export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

// Below the range that systems take for outgoing connections: such a port stays free while its owner is started again.
const lowest = 20_000;
const highest = 31_999;
const mostAttempts = 200;

/** A free port that the application may come back to after a kill. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port was found between ${lowest} and ${highest}`);
}

export const vendorPortNames = ['servicebus', 'cosmos', 'postgres', 'blob', 'queue', 'table'] as const;
export type VendorPorts = Readonly<Record<(typeof vendorPortNames)[number], number>>;

export const anyPorts: VendorPorts = { servicebus: 0, cosmos: 0, postgres: 0, blob: 0, queue: 0, table: 0 };

/**
 * The ports after the application's, in the order of the names, but for those that are taken; where an earlier start had
 * others and they are still free, those, so that whoever kept an address still reaches it.
 */
export async function chooseVendorPorts(options: {
  readonly applicationPort: number;
  readonly sandboxPort: number;
  readonly earlier?: VendorPorts | undefined;
}): Promise<VendorPorts> {
  const taken = new Set([options.applicationPort, options.sandboxPort]);
  const chosen: Record<string, number> = {};
  for (const name of vendorPortNames) {
    const port = await firstFree(options.earlier?.[name] ?? options.applicationPort + 1, options.applicationPort + 1, taken);
    taken.add(port);
    chosen[name] = port;
  }
  return { ...anyPorts, ...chosen };
}

async function firstFree(wanted: number, from: number, taken: ReadonlySet<number>): Promise<number> {
  const candidates = [wanted, ...Array.from({ length: 100 }, (_, index) => from + index)];
  for (const port of candidates) {
    if (port > 0 && port <= 65_535 && !taken.has(port) && (await isFree(port))) return port;
  }
  return 0;
}
