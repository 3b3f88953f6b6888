import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** `npm start` in a process of its own. */
export interface StartProcess {
  readonly pid: number;
  output(): string;
  /** Resolves when the text was printed. @throws {Error} with the output, where the process ends before. */
  printed(text: string): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>;
  /** The processes that it started and that live. */
  children(): number[];
}

export interface RunOptions {
  readonly args?: readonly string[];
  readonly ports: { readonly sandbox: number; readonly application?: number };
  readonly environment?: Readonly<Record<string, string>>;
}

// As long as a slow machine needs to start everything for the first time.
const patienceMs = 120_000;

export function runStart({ args = [], ports, environment = {} }: RunOptions): StartProcess {
  const child = spawn(process.execPath, ['sandbox/start.ts', ...args], {
    env: {
      PATH: process.env['PATH'],
      WITNESS_DIR: process.env['WITNESS_DIR'],
      SANDBOX_PORT: String(ports.sandbox),
      ...(ports.application === undefined ? {} : { PORT: String(ports.application) }),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let ended = false;
  const take = (chunk: Buffer) => void (output += chunk.toString());
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      ended = true;
      resolve(code);
    });
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const pid = child.pid ?? 0;
  return {
    ...{ pid, exited },
    output: () => output,
    async printed(text) {
      const deadline = performance.now() + patienceMs;
      while (!output.includes(text)) {
        if (ended || performance.now() > deadline) throw new Error(`'${text}' was not printed:\n${output}`);
        await sleep(50);
      }
    },
    signal: (signal) => void child.kill(signal),
    children: () => childrenOf(pid),
  };
}

function childrenOf(parent: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : []));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
