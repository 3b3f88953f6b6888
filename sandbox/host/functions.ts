import type { FunctionsCore, RegisteredFunction } from './core/core.ts';
import type { BindingInfo } from './core/types.ts';
import type { HostJson } from './host-json.ts';
import { compileRoute, templateOf } from './http/routes.ts';
import { isDisabled, resolveExpressions, type Settings } from './settings.ts';
import { parseSchedule } from './timer/schedule.ts';

export type Trigger =
  | { readonly type: 'http'; readonly methods: readonly string[]; readonly route: string }
  | { readonly type: 'timer'; readonly schedule: string; readonly runOnStartup: boolean; readonly useMonitor: boolean }
  | { readonly type: 'serviceBus'; readonly queueName: string; readonly connection: string; readonly binary: boolean }
  | { readonly type: 'queue'; readonly queueName: string; readonly connection: string; readonly binary: boolean };

/** A registered function that this host plays, with its trigger resolved. */
export interface HostedFunction<T extends Trigger = Trigger> {
  readonly name: string;
  readonly bindingName: string;
  readonly trigger: T;
  readonly registered: RegisteredFunction;
  readonly disabled: boolean;
}

export interface ReadContext {
  readonly settings: Settings;
  readonly hostJson: HostJson;
}

/** Reads all that is registered; everything that is not played is refused at once, in one error that names each. */
export function readFunctions(core: Pick<FunctionsCore, 'functions'>, context: ReadContext): HostedFunction[] {
  const refused: string[] = [];
  const read = core.functions().flatMap((registered) => {
    try {
      return [readFunction(registered, context)];
    } catch (error) {
      refused.push(`  function "${registered.metadata.name}", ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
  if (refused.length > 0) throw new Error(`this host cannot run the application:\n${refused.join('\n')}`);
  return read;
}

function readFunction(registered: RegisteredFunction, context: ReadContext): HostedFunction {
  const { name, bindings } = registered.metadata;
  const entries = Object.entries(bindings);
  const triggers = entries.filter(([, { type }]) => /trigger$/i.test(type));
  const [trigger] = triggers;
  if (!trigger || triggers.length > 1) throw new Error(`has ${triggers.length} triggers: one is played`);
  const [bindingName, binding] = trigger;
  for (const [otherName, other] of entries) if (otherName !== bindingName) refuseExtra(otherName, other, binding);
  try {
    refuseOptions(binding);
    const resolved = resolveAll(binding, context.settings);
    return {
      name,
      bindingName,
      trigger: toTrigger(name, resolved, context),
      registered,
      disabled: isDisabled(name, context.settings),
    };
  } catch (error) {
    throw new Error(`binding "${bindingName}" (${binding.type}): ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function refuseExtra(name: string, binding: BindingInfo, trigger: BindingInfo): void {
  const isHttpReturn =
    name === '$return' && binding.type.toLowerCase() === 'http' && trigger.type.toLowerCase() === 'httptrigger';
  if (isHttpReturn) return;
  const kind = binding.direction === 'out' ? 'output' : 'extra input';
  throw new Error(`binding "${name}" (${binding.type}): ${kind} bindings are not played; use the service's SDK`);
}

function refuseOptions(binding: BindingInfo): void {
  if (binding.properties?.['supportsDeferredBinding'] === 'true') throw new Error('sdkBinding is not played');
  if (binding['isSessionsEnabled'] === true) throw new Error('sessions are not played');
  if (textOf(binding, 'cardinality').toLowerCase() === 'many') throw new Error("cardinality 'many' is not played");
  if (binding['autoCompleteMessages'] === false) throw new Error('autoCompleteMessages false is not played');
  if (binding['topicName'] !== undefined || binding['subscriptionName'] !== undefined) throw new Error('topics are not played');
  if (textOf(binding, 'dataType').toLowerCase() === 'stream') throw new Error("dataType 'stream' is not played");
}

function textOf(binding: BindingInfo, option: string): string {
  const value = binding[option];
  return typeof value === 'string' ? value : '';
}

function resolveAll(binding: BindingInfo, settings: Settings): BindingInfo {
  const { type, direction, ...options } = binding;
  const resolve = (value: unknown) => (typeof value === 'string' ? resolveExpressions(value, settings) : value);
  return { type, direction, ...Object.fromEntries(Object.entries(options).map(([key, value]) => [key, resolve(value)])) };
}

function toTrigger(name: string, binding: BindingInfo, { hostJson }: ReadContext): Trigger {
  const text = (key: string, otherwise = '') => textOf(binding, key) || otherwise;
  const binary = text('dataType').toLowerCase() === 'binary';
  switch (binding.type.toLowerCase()) {
    case 'httptrigger': {
      const methods = Array.isArray(binding['methods']) ? binding['methods'].map((method) => String(method).toUpperCase()) : [];
      const route = text('route', name);
      checkRoute(route, hostJson);
      return { type: 'http', methods, route };
    }
    case 'timertrigger':
      parseSchedule(text('schedule'));
      return {
        type: 'timer',
        schedule: text('schedule'),
        runOnStartup: binding['runOnStartup'] === true,
        useMonitor: binding['useMonitor'] !== false,
      };
    case 'servicebustrigger':
      refuseServiceBusSettings(hostJson);
      return {
        type: 'serviceBus',
        queueName: needed(text('queueName'), 'queueName'),
        connection: text('connection', 'ServiceBus'),
        binary,
      };
    case 'queuetrigger':
      return {
        type: 'queue',
        queueName: needed(text('queueName'), 'queueName'),
        connection: text('connection', 'Storage'),
        binary,
      };
    default:
      throw new Error('triggers of this type are not played');
  }
}

function checkRoute(route: string, { extensions }: HostJson): void {
  const template = templateOf(route, extensions.http.routePrefix);
  if (/^\/?(admin|runtime)(\/|$)/i.test(template))
    throw new Error(`the route '${template}' conflicts with one of the host's own`);
  compileRoute(template);
}

function needed(value: string, name: string): string {
  if (value === '') throw new Error(`${name} is missing`);
  return value;
}

function refuseServiceBusSettings({ extensions: { serviceBus } }: HostJson): void {
  const where = 'of host.json extensions.serviceBus is not played';
  if (!serviceBus.autoCompleteMessages) throw new Error(`autoCompleteMessages false ${where}`);
  if (serviceBus.enableCrossEntityTransactions) throw new Error(`enableCrossEntityTransactions ${where}`);
  if (serviceBus.webProxy !== undefined) throw new Error(`webProxy ${where}`);
  if ((serviceBus.transportType ?? 'amqpTcp').toLowerCase() !== 'amqptcp')
    throw new Error(`transportType ${serviceBus.transportType ?? ''} ${where}`);
}
