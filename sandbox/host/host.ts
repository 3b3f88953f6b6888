import { performance } from 'node:perf_hooks';
import type { HostLog } from './core/core.ts';
import { startApplication } from './core/start-application.ts';
import { readFunctions } from './functions.ts';
import { loadHostJson } from './host-json.ts';
import { startTime } from './host-time.ts';
import { levelFilter } from './log-level.ts';
import { disableNagle } from './no-delay.ts';
import { addLocalSettings, type Settings } from './settings.ts';
import { startListening } from './start-listening.ts';

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

/** Starts the application of `root` as the real host would; at most one in a process, whose time and core it changes. */
export async function createFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const startedAtMs = performance.now();
  const settings: Settings = options.environment ?? process.env;
  addLocalSettings(options.root, settings);
  const hostJson = loadHostJson(options.root, settings);
  const log = levelFilter(hostJson.logging.logLevel, options.log ?? (() => undefined));
  disableNagle();

  const time = await startTime(options.clockUrl, log);
  try {
    const { core, capabilities } = await startApplication(options, log);
    const functions = readFunctions(core, { settings, hostJson });
    if (functions.length === 0) log('warning', 'No job functions found: the entry point registers none.');
    return await startListening({
      options,
      settings,
      hostJson,
      log,
      core,
      functions,
      time,
      httpUri: capabilities['HttpUri'],
      startedAtMs,
    });
  } catch (error) {
    await time.stop();
    throw error;
  }
}
