import type { SandboxContext } from '../kit/context.ts';
import { environment, type MeInfo } from './envelope.ts';
import { newEventId } from './ids.ts';
import type { Settings } from './options.ts';
import type { WebhookSender } from './webhook/sender.ts';

export interface EmittedEvent {
  readonly event: string;
  readonly payload: unknown;
  /** The bare WhatsApp id, for whoever joins deliveries to messages. */
  readonly messageId?: string;
}

export interface Events {
  /** Tells the webhook, where it asked for it. Events emitted together share one envelope id, as in WAHA. */
  emit(...together: EmittedEvent[]): { id: string };
}

// Left out of `*`.
const notInAll = ['engine.event', 'state.change'];

export function createEvents(
  context: SandboxContext,
  settings: Settings,
  wiring: { sender: WebhookSender; me: () => MeInfo | null },
): Events {
  const asked = (event: string) =>
    settings.webhook.events.includes(event) || (settings.webhook.events.includes('*') && !notInAll.includes(event));
  return {
    emit(...together) {
      const timestamp = context.clock.now();
      const id = newEventId(timestamp);
      for (const { event, payload, messageId } of together.filter((one) => asked(one.event))) {
        const envelope = {
          id,
          timestamp,
          event,
          session: settings.wahaSession,
          me: wiring.me(),
          payload,
          engine: settings.engine,
          environment: environment(settings),
        };
        wiring.sender.send({ event, timestamp, body: JSON.stringify(envelope), messageId });
      }
      return { id };
    },
  };
}
