import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

/** The functions host in a process of its own, on one of the small applications of `apps/`. */
export interface HostProcess {
  readonly url: string;
  readonly pid: number;
  /** All that was printed so far. */
  output(): string;
  /** What the application told about `topic` (`apps/witness.ts`), in its order. */
  told(topic: string): unknown[];
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
}

export interface StartOptions {
  readonly app: string;
  readonly environment?: Record<string, string>;
  readonly arguments?: readonly string[];
}

const host = join(import.meta.dirname, '../../../sandbox/host/main.ts');

/** Starts a host for one test and waits until it ends or listens. */
export async function runHost(options: StartOptions): Promise<HostProcess> {
  const started = await spawnHost(options);
  onTestFinished(() => kill(started));
  return started;
}

/** Starts a host that is expected to come up. */
export async function startHost(options: StartOptions): Promise<HostProcess> {
  return mustListen(await runHost(options));
}

/** One host for all tests of a file. */
export function sharedHost(options: StartOptions): Pick<HostProcess, 'output' | 'told'> & { url(): string } {
  let started: HostProcess | undefined;
  const get = () => {
    if (!started) throw new Error('the host has not been started');
    return started;
  };
  beforeAll(async () => {
    started = mustListen(await spawnHost(options));
  });
  afterAll(() => kill(get()));
  return { url: () => get().url, output: () => get().output(), told: (topic) => get().told(topic) };
}

function mustListen(started: HostProcess): HostProcess {
  if (started.url === '') throw new Error(`the host did not start:\n${started.output()}`);
  return started;
}

async function kill(started: HostProcess): Promise<void> {
  started.signal('SIGKILL');
  await started.exited;
}

/** Starts a host that its caller ends. */
export async function spawnHost({ app, environment = {}, arguments: more = [] }: StartOptions): Promise<HostProcess> {
  const child = spawn(process.execPath, [host, '--root', join(import.meta.dirname, 'apps', app), ...more], {
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const listening = new Promise<void>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Functions host: http')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  await Promise.race([listening, exited]);
  return {
    url: /Functions host: (http\S+)/.exec(output)?.[1] ?? '',
    pid: child.pid ?? 0,
    output: () => output,
    told: (topic) => toldIn(output, topic),
    signal: (signal) => child.kill(signal),
    exited,
  };
}

function toldIn(output: string, topic: string): unknown[] {
  const lines = output.split('\n').slice(0, -1);
  const told = lines.filter((line) => line.startsWith('@[')).map((line) => JSON.parse(line.slice(1)) as [string, unknown]);
  return told.filter(([name]) => name === topic).map(([, value]) => value);
}
