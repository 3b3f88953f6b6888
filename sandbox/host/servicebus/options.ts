import type { HostLog } from '../core/core.ts';
import type { Invocation } from '../core/invoker.ts';
import type { HostedFunction, Trigger } from '../functions.ts';
import type { ServiceBusSettings } from '../host-json.ts';
import type { ServiceBusConnect } from './clients.ts';

export type ServiceBusTrigger = Extract<Trigger, { type: 'serviceBus' }>;

export interface ServiceBusListenerOptions {
  readonly hosted: HostedFunction<ServiceBusTrigger>;
  readonly connect: ServiceBusConnect;
  readonly settings: ServiceBusSettings;
  readonly invoke: (invocation: Omit<Invocation, 'bindingName'>) => Promise<unknown>;
  readonly log: HostLog;
}
