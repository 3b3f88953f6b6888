import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { installClock } from './clock.ts';
import { createCore, type FunctionsCore, type HostLog } from './core/core.ts';
import { installCore } from './core/install-core.ts';
import { createInvoker } from './core/invoker.ts';
import { findEntries, loadEntries } from './core/load-app.ts';
import { followClock } from './follow-clock.ts';
import { readFunctions, type HostedFunction } from './functions.ts';
import { loadHostJson, type HostJson } from './host-json.ts';
import { maxBodyBytesOf } from './http/read-body.ts';
import { startHttpServer } from './http/server.ts';
import { createListeners } from './listeners.ts';
import { levelFilter } from './log-level.ts';
import { disableNagle } from './no-delay.ts';
import { addLocalSettings, type Settings } from './settings.ts';
import { typedInInvocation } from './typed-in.ts';

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

const defaultPort = 7071;
const defaultDrainTimeoutMs = 30_000;
// A vendor that is gone must not hold the end up.
const closeTimeoutMs = 2_000;

/** Starts the application of `root` as the real host would; at most one in a process, whose time and core it changes. */
export async function createFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const startedAtMs = performance.now();
  const settings: Settings = options.environment ?? process.env;
  addLocalSettings(options.root, settings);
  const hostJson = loadHostJson(options.root, settings);
  const log = levelFilter(hostJson.logging.logLevel, options.log ?? (() => undefined));
  disableNagle();

  const time = await startTime(options, log);
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

interface HostTime {
  /** Called with the time before each move. */
  onMove(listener: (fromMs: number) => void): void;
  stop(): Promise<void>;
}

async function startTime({ clockUrl }: FunctionsHostOptions, log: HostLog): Promise<HostTime> {
  if (clockUrl === undefined) return { onMove: () => undefined, stop: () => Promise.resolve() };
  const clock = installClock();
  let listener: (fromMs: number) => void = () => undefined;
  const onOffset = (offsetMs: number) => {
    const fromMs = Date.now();
    clock.setOffset(offsetMs);
    listener(fromMs);
  };
  const follower = await followClock({ url: clockUrl, onOffset, log });
  return {
    onMove: (given) => void (listener = given),
    async stop() {
      await follower.stop();
      clock.uninstall();
    },
  };
}

/** Core, entry point, appStart hooks, capabilities, lock: the order of the real worker. */
async function startApplication({ root, entry }: FunctionsHostOptions, log: HostLog) {
  const core = createCore(log);
  installCore(core.api);
  await loadEntries(findEntries(root, entry));
  await core.runHooks('appStart', { hookData: appOnlyHookData, appHookData: core.appHookData, functionAppDirectory: root });
  const capabilities = (await core.model()?.getCapabilities(workerCapabilities())) ?? {};
  core.lock();
  return { core, capabilities };
}

const appOnlyHookData: Record<string, unknown> = {};

function workerCapabilities(): Record<string, string> {
  const names = [
    'RawHttpBodyBytes',
    'RpcHttpTriggerMetadataRemoved',
    'RpcHttpBodyOnly',
    'IgnoreEmptyValuedRpcHttpHeaders',
    'UseNullableValueDictionaryForHttp',
    'WorkerStatus',
    'TypedDataCollection',
    'HandlesWorkerTerminateMessage',
  ];
  return Object.fromEntries(names.map((name) => [name, 'true']));
}

interface Started {
  readonly options: FunctionsHostOptions;
  readonly settings: Settings;
  readonly hostJson: HostJson;
  readonly log: HostLog;
  readonly core: FunctionsCore;
  readonly functions: readonly HostedFunction[];
  readonly time: HostTime;
  readonly httpUri: string | undefined;
  readonly startedAtMs: number;
}

async function startListening(started: Started): Promise<FunctionsHost> {
  const { options, settings, hostJson, log, core, functions, time } = started;
  const invoker = createInvoker({ core, timeoutMs: hostJson.functionTimeout });
  const listeners = await createListeners({
    functions,
    settings,
    hostJson,
    invoker,
    log,
    stateDirectory: options.stateDirectory,
  });
  const server = await startHttpServer({
    functions,
    invoker,
    log,
    httpUri: started.httpUri,
    maxBodyBytes: maxBodyBytesOf(settings['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT']),
    routePrefix: hostJson.extensions.http.routePrefix,
    port: options.port ?? defaultPort,
    homePage: settings['AzureWebJobsDisableHomepage']?.toLowerCase() !== 'true',
    admin: {
      startedAtMs: started.startedAtMs,
      run: (hosted, input) => {
        const invocation = { bindingName: hosted.bindingName, ...typedInInvocation(hosted.trigger, input) };
        // What fails is logged by the invoker.
        invoker.invoke(hosted.registered, invocation).catch(() => undefined);
      },
    },
  });
  time.onMove((fromMs) => listeners.clockMoved(fromMs));
  await listeners.start();

  const busy = () => invoker.running().length > 0 || server.open() > 0 || listeners.busy();
  let closing: Promise<void> | undefined;
  const drain = async () => {
    const timeoutMs = options.drainTimeoutMs ?? defaultDrainTimeoutMs;
    const deadline = performance.now() + timeoutMs;
    server.stop();
    await atMost(timeoutMs, listeners.stop());
    while (busy() && performance.now() < deadline) await sleep(20);
    if (busy()) log('warning', `stopped while still running: ${invoker.running().join(', ')}`);
    await core.runHooks('appTerminate', { hookData: appOnlyHookData, appHookData: core.appHookData });
    await atMost(closeTimeoutMs, Promise.all([server.close(), listeners.close(), time.stop()]));
  };
  return {
    port: server.port,
    functions: () =>
      functions.map(({ name, registered, bindingName }) => ({
        name,
        type: registered.metadata.bindings[bindingName]?.type ?? '',
      })),
    busy,
    close: () => (closing ??= drain()),
  };
}

async function atMost(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, sleep(timeoutMs, undefined, { ref: false })]);
}
