import type { HostLog } from './core/core.ts';
import type { Settings } from './settings.ts';

export interface FunctionsHostOptions {
  /** The folder of host.json and package.json. */
  readonly root: string;
  /** The file that registers the functions; `main` of package.json where it is not given. */
  readonly entry?: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /** The application settings, which local.settings.json fills up; the process's environment by default. */
  readonly environment?: Settings;
  /** Where the sandbox tells its time; without it time is real. */
  readonly clockUrl?: string;
  /** Where the runs of timers are recorded; in memory without it. */
  readonly stateDirectory?: string;
  readonly log?: HostLog;
  /** How long `close` waits for what runs. */
  readonly drainTimeoutMs?: number;
}

export interface FunctionsHost {
  readonly port: number;
  functions(): { name: string; type: string }[];
  /** Whether an invocation runs, a request is answered or a message is being settled. */
  busy(): boolean;
  /** Stops listening, lets what runs finish, runs the appTerminate hooks. */
  close(): Promise<void>;
}
