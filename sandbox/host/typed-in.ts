import { traceContextFrom } from './core/trace-context.ts';
import type { Invocation } from './core/invoker.ts';
import type { Trigger } from './functions.ts';
import { toTypedInInvocation as toQueueInvocation } from './queue/queue-message.ts';
import { toTypedInInvocation as toServiceBusInvocation } from './servicebus/message-data.ts';
import { toTimerData } from './timer/timer-data.ts';

/** What a function gets when it is run from the admin API with an input. */
export function typedInInvocation(
  trigger: Trigger,
  input: string,
): Pick<Invocation, 'data' | 'triggerMetadata' | 'traceContext'> {
  switch (trigger.type) {
    case 'timer':
      return { data: toTimerData(false, undefined), traceContext: traceContextFrom() };
    case 'serviceBus':
      return toServiceBusInvocation(input, trigger.binary);
    case 'queue':
      return toQueueInvocation(input, trigger.binary);
    case 'http':
      throw new TypeError('HTTP functions are called by their URL');
  }
}
