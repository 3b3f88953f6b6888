import type { HostLog } from './core/core.ts';
import type { Invocation, Invoker } from './core/invoker.ts';
import { traceContextFrom } from './core/trace-context.ts';
import type { HostedFunction, Trigger } from './functions.ts';
import type { HostJson } from './host-json.ts';
import type { Listener } from './listener.ts';
import { createQueueListener } from './queue/listener.ts';
import { createServiceBusListener } from './servicebus/listener.ts';
import type { Settings } from './settings.ts';
import { createTimerListener } from './timer/listener.ts';
import { becomeTimerHost } from './timer/singleton.ts';
import { createStatusStore } from './timer/status-file.ts';

export interface ListenersOptions {
  readonly functions: readonly HostedFunction[];
  readonly settings: Settings;
  readonly hostJson: HostJson;
  readonly invoker: Invoker;
  readonly log: HostLog;
  readonly stateDirectory: string | undefined;
}

export interface Listeners {
  start(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
  clockMoved(fromMs: number): void;
  busy(): boolean;
}

const timerHostRetryMs = 2_000;

/** All that wakes functions but HTTP. Connections are made here, so that a missing setting ends the start. */
export async function createListeners(options: ListenersOptions): Promise<Listeners> {
  const enabled = options.functions.filter(({ disabled }) => !disabled);
  const queues = (await Promise.all(enabled.map((hosted) => createMessageListener(options, hosted)))).flat();
  const timers = createTimers(options, enabled);
  let timerHost: { release(): void } | undefined;
  let timersStarted = false;
  const startTimers = () => {
    timersStarted = true;
    for (const timer of timers) void timer.start();
  };
  return {
    async start() {
      await Promise.all(queues.map((listener) => listener.start()));
      if (timers.length > 0)
        timerHost = becomeTimerHost(options.stateDirectory, { retryMs: timerHostRetryMs, onTaken: startTimers });
    },
    async stop() {
      await Promise.all([...timers, ...queues].map((listener) => listener.stop()));
    },
    async close() {
      timerHost?.release();
      await Promise.all(queues.map((listener) => listener.close()));
    },
    clockMoved(fromMs) {
      if (timersStarted) for (const timer of timers) timer.clockMoved(fromMs);
    },
    busy: () => [...timers, ...queues].some((listener) => listener.busy()),
  };
}

/** SDKs are loaded only where a function needs them. */
async function createMessageListener(
  { settings, hostJson, invoker, log }: ListenersOptions,
  hosted: HostedFunction,
): Promise<Listener[]> {
  const invoke = (invocation: Omit<Invocation, 'bindingName'>) =>
    invoker.invoke(hosted.registered, { bindingName: hosted.bindingName, ...invocation });
  const { extensions } = hostJson;
  try {
    if (isOf(hosted, 'serviceBus')) {
      const { resolveServiceBus } = await import('./servicebus/clients.ts');
      const connect = await resolveServiceBus(hosted.trigger.connection, settings, extensions.serviceBus);
      return [createServiceBusListener({ hosted, connect, settings: extensions.serviceBus, invoke, log })];
    }
    if (isOf(hosted, 'queue')) {
      const { connectQueues } = await import('./queue/queue-clients.ts');
      const service = await connectQueues(hosted.trigger.connection, settings);
      return [createQueueListener({ hosted, service, settings: extensions.queues, invoke, log })];
    }
  } catch (error) {
    throw new Error(`function "${hosted.name}": ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return [];
}

function createTimers({ invoker, log, stateDirectory }: ListenersOptions, enabled: readonly HostedFunction[]): Listener[] {
  const statuses = createStatusStore(stateDirectory);
  return enabled.flatMap((hosted) => {
    if (!isOf(hosted, 'timer')) return [];
    const { bindingName, registered } = hosted;
    return [
      createTimerListener({
        hosted,
        statuses,
        log,
        invoke: (data, retryContext) =>
          invoker.invoke(registered, {
            bindingName,
            data,
            traceContext: traceContextFrom(),
            ...(retryContext ? { retryContext } : {}),
          }),
      }),
    ];
  });
}

function isOf<T extends Trigger['type']>(
  hosted: HostedFunction,
  type: T,
): hosted is HostedFunction<Extract<Trigger, { type: T }>> {
  return hosted.trigger.type === type;
}
