import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Memory {
  readonly heapBytes: number;
  readonly residentBytes: number;
}

/** A process under fire, which tells what it holds. */
export interface Child {
  readonly pid: number;
  alive(): boolean;
  /** The end of what it printed. */
  output(): string;
  memory(): Promise<Memory>;
  /** The next message of this kind. */
  heard(kind: string): Promise<Record<string, unknown>>;
  /** Resolves once it printed this. @throws {Error} with what it printed where it ended before. */
  printed(text: string): Promise<void>;
  stop(): Promise<void>;
}

const tellHeap = new URL('tell-heap.ts', import.meta.url).href;
const repository = fileURLToPath(new URL('../', import.meta.url));
const keptChars = 200_000;
const answerMs = 30_000;

export function startChild(file: string, options: { args?: readonly string[]; environment: NodeJS.ProcessEnv }): Child {
  const child = spawn(process.execPath, ['--import', tellHeap, file, ...(options.args ?? [])], {
    cwd: repository,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const keep = (chunk: Buffer) => void (output = (output + chunk.toString()).slice(-keptChars));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = once(child, 'exit');
  const alive = () => child.exitCode === null && child.signalCode === null;
  const heard = (kind: string) => unlessEnded(messageOf(child, kind), { ended, output: () => output });
  return {
    pid: child.pid ?? 0,
    ...{ alive, heard, output: () => output },
    async memory() {
      const answer = heard('heap');
      child.send('heap');
      const { heapBytes, residentBytes } = await answer;
      return { heapBytes: Number(heapBytes), residentBytes: Number(residentBytes) };
    },
    printed: (text) => unlessEnded(lineOf(child, text), { ended, output: () => output }),
    async stop() {
      if (alive()) child.kill('SIGKILL');
      await ended;
    },
  };
}

function messageOf(child: ChildProcess, kind: string): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    const take = (message: unknown) => {
      if (typeof message !== 'object' || message === null || !('kind' in message) || message.kind !== kind) return;
      child.off('message', take);
      resolve({ ...message });
    };
    child.on('message', take);
  });
}

function lineOf(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    let seen = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      seen = (seen + chunk.toString()).slice(-keptChars);
      if (seen.includes(text)) resolve();
    });
  });
}

async function unlessEnded<T>(work: Promise<T>, child: { ended: Promise<unknown>; output: () => string }): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it does not answer:\n${child.output().slice(-4_000)}`)), 4 * answerMs);
  });
  const gone = child.ended.then(() => {
    throw new Error(`it ended:\n${child.output().slice(-4_000)}`);
  });
  try {
    return await Promise.race([work, gone, late]);
  } finally {
    clearTimeout(timer);
    gone.catch(() => undefined);
  }
}
