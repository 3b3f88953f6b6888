import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Environment } from './environment.ts';
import { createOutput, type Output } from './output.ts';

export interface ApplicationOptions {
  /** The folder of host.json and package.json; this repository where it is not given. */
  readonly root?: string | undefined;
  readonly url: string;
  readonly port: number;
  readonly environment: Environment;
  /** Where the runs of timers are recorded. */
  readonly stateDirectory?: string | undefined;
  /** Where what it prints is kept. */
  readonly logFile?: string | undefined;
  /** The longest wait before it is started again; 10 s unless it says otherwise. */
  readonly longestRestartDelayMs?: number | undefined;
  readonly onLine: (line: string) => void;
}

/** One instance of the application, under supervision: it is started again whenever it dies. */
export interface Application {
  /** Resolves once it answers. @throws {ApplicationFailed} where the first start fails. */
  start(): Promise<void>;
  /** Ends it by the signal; it is started again. Resolves when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends it; it is not started again. */
  stop(): Promise<void>;
  pid(): number | undefined;
  /** How often a process was started. */
  starts(): number;
  /** Whether it answers. */
  healthy(): boolean;
  /** The end of what it printed. */
  output(): string;
}

/** It could not start, and would not another time. */
export class ApplicationFailed extends Error {}

const firstDelayMs = 250;
const usualLongestDelayMs = 10_000;
// Whoever lived that long did not die of its start.
const steadyMs = 30_000;
const startTimeoutMs = 60_000;
const drainSeconds = 5;
const killAfterMs = 9_000;

const repository = fileURLToPath(new URL('../../', import.meta.url));
const hostProgram = fileURLToPath(new URL('../host/main.ts', import.meta.url));
const dieWithParent = new URL('die-with-parent.ts', import.meta.url).href;

interface Life {
  readonly options: ApplicationOptions;
  readonly output: Output;
  child: ChildProcess | undefined;
  starts: number;
  healthy: boolean;
  /** Whether it answered once: from then on it is started again. */
  everHealthy: boolean;
  wanted: boolean;
  /** Deaths in a row, each soon after its start. */
  earlyDeaths: number;
  restart: NodeJS.Timeout | undefined;
}

export function superviseApplication(options: ApplicationOptions): Application {
  const life: Life = {
    ...{ options, output: createOutput(options.logFile), child: undefined, starts: 0, healthy: false },
    ...{ everHealthy: false, wanted: false, earlyDeaths: 0, restart: undefined },
  };
  return {
    async start() {
      life.wanted = true;
      if (life.everHealthy && (life.child || life.restart)) return untilHealthy(life);
      await becomeHealthy(life, launch(life));
    },
    kill: (signal) => end(life, signal),
    async stop() {
      life.wanted = false;
      clearTimeout(life.restart);
      life.restart = undefined;
      await end(life, 'SIGTERM');
    },
    pid: () => life.child?.pid,
    starts: () => life.starts,
    healthy: () => life.healthy,
    output: life.output.text,
  };
}

function launch(life: Life): ChildProcess {
  const startedAt = performance.now();
  const child = spawnHost(life);
  life.starts += 1;
  life.child = child;
  life.restart = undefined;
  child.once('close', (code, signal) => {
    life.child = undefined;
    life.healthy = false;
    if (!life.wanted || !life.everHealthy) return;
    life.earlyDeaths = performance.now() - startedAt > steadyMs ? 1 : life.earlyDeaths + 1;
    life.options.onLine(`The application ended (${signal ?? `exit code ${code ?? 0}`}); it is started again.`);
    const longestDelayMs = life.options.longestRestartDelayMs ?? usualLongestDelayMs;
    const delayMs = Math.min(firstDelayMs * 2 ** (life.earlyDeaths - 1), longestDelayMs);
    // One that cannot start ends, and so comes by here again.
    life.restart = setTimeout(() => void becomeHealthy(life, launch(life)).catch(() => undefined), delayMs);
  });
  return child;
}

async function becomeHealthy(life: Life, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline && life.child === child) {
    if (await answers(life.options.url)) {
      life.healthy = life.child === child;
      life.everHealthy = true;
      return;
    }
    await sleep(50);
  }
  if (life.child === child) child.kill('SIGKILL');
  throw new ApplicationFailed(`The application could not start:\n${life.output.reason()}`);
}

async function untilHealthy(life: Life): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  while (!life.healthy && performance.now() < deadline) await sleep(25);
  if (!life.healthy) throw new ApplicationFailed(`The application does not answer:\n${life.output.reason()}`);
}

async function end({ child }: Life, signal: NodeJS.Signals): Promise<void> {
  if (!child) return;
  const gone = once(child, 'close');
  child.kill(signal);
  const killing = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  await gone;
  clearTimeout(killing);
}

function spawnHost({ options, output }: Pick<Life, 'options' | 'output'>): ChildProcess {
  const { root, port, environment, stateDirectory } = options;
  const state = stateDirectory === undefined ? [] : ['--state', stateDirectory];
  const rest = ['--root', root ?? repository, '--drain-seconds', String(drainSeconds), ...state];
  const child = spawn(process.execPath, ['--import', dieWithParent, hostProgram, ...rest], {
    // In a group of its own: Ctrl-C reaches the sandbox alone, which ends the application before its vendors.
    detached: true,
    windowsHide: true,
    env: { ...ofTheMachine(), ...environment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  output.read(child);
  return child;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

const machineNames =
  /^(PATH|HOME|USERPROFILE|APPDATA|SYSTEMROOT|TMPDIR|TEMP|TMP|LANG|NODE_EXTRA_CA_CERTS|SSL_CERT_.*|(HTTPS?|NO|ALL)_PROXY|AZURE_.*|IDENTITY_.*|MSI_.*)$/i;

/** What of the environment tells about the machine, its network and its identity; all else is a setting, or nobody's business. */
function ofTheMachine(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => machineNames.test(name)));
}
