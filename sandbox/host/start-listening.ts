import type { FunctionsCore, HostLog } from './core/core.ts';
import { createInvoker } from './core/invoker.ts';
import { drain } from './drain.ts';
import type { HostedFunction } from './functions.ts';
import type { HostJson } from './host-json.ts';
import type { HostTime } from './host-time.ts';
import { maxBodyBytesOf } from './http/read-body.ts';
import { startHttpServer } from './http/server.ts';
import { createListeners } from './listeners.ts';
import type { FunctionsHost, FunctionsHostOptions } from './options.ts';
import type { Settings } from './settings.ts';
import { typedInInvocation } from './typed-in.ts';

const defaultPort = 7071;
const defaultDrainTimeoutMs = 30_000;

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

/** Listens for all that triggers a function; what comes over HTTP is taken before the others start. */
export async function startListening(started: Started): Promise<FunctionsHost> {
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
  const drainTimeoutMs = options.drainTimeoutMs ?? defaultDrainTimeoutMs;
  return {
    port: server.port,
    functions: () =>
      functions.map(({ name, registered, bindingName }) => ({
        name,
        type: registered.metadata.bindings[bindingName]?.type ?? '',
      })),
    busy,
    close: () => (closing ??= drain({ core, invoker, listeners, server, time, log, busy }, drainTimeoutMs)),
  };
}
