import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const services = ['Blob', 'Queue', 'Table'] as const;
export type Service = (typeof services)[number];

export interface Azurite {
  /** Where each service listens. */
  readonly ports: Readonly<Record<Service, number>>;
  close(): Promise<void>;
}

/** Starts Azurite in a child process on free ports; with a `location` it keeps its state there. */
export async function startAzurite(location: string | undefined): Promise<Azurite> {
  const state = location === undefined ? ['--inMemoryPersistence', '--extentMemoryLimit', '256'] : ['--location', location];
  // The storage SDK is ahead of Azurite's list of API versions.
  const rules = ['--silent', '--skipApiVersionCheck', '--disableTelemetry'];
  const onFreePorts = services.flatMap((service) => [`--${service.toLowerCase()}Port`, '0']);
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('server.ts', import.meta.url)), ...state, ...rules, ...onFreePorts],
    // In a group of its own: Ctrl-C reaches its parent alone, which ends it in its turn.
    { detached: true, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const { stdout } = child;
  if (!stdout) throw new TypeError('a child with piped output has its stream');
  const ports = await new Promise<Record<Service, number>>((resolve, reject) => {
    const found: Partial<Record<Service, number>> = {};
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`sandbox/storage: Azurite ended with code ${code} before it was ready`)));
    createInterface({ input: stdout }).on('line', (line) => {
      const [, service, port] = /^Azurite (\w+) service is successfully listening at \S+:(\d+)$/.exec(line) ?? [];
      if (isService(service)) found[service] = Number(port);
      const { Blob, Queue, Table } = found;
      if (Blob !== undefined && Queue !== undefined && Table !== undefined) resolve({ Blob, Queue, Table });
    });
  });
  return {
    ports,
    async close() {
      if (child.connected) child.disconnect();
      const killed = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exited;
      clearTimeout(killed);
    },
  };
}

const isService = (name: string | undefined): name is Service => services.some((service) => service === name);
