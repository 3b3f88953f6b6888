import { newRequestId } from '../ids.ts';

/** One event on its way to the webhook; the request id stays the same over its repeats. */
export interface WebhookDelivery {
  readonly requestId: string;
  readonly event: string;
  /** The bare WhatsApp id of the message it tells of. */
  readonly messageId: string | undefined;
  readonly attempts: number;
  /** `lost` was never sent, by a fault. */
  readonly status: 'pending' | 'delivered' | 'given-up' | 'lost';
  /** What the receiver answered last; undefined where nothing came. */
  readonly answered: number | undefined;
}

export interface OutgoingEvent {
  readonly event: string;
  readonly timestamp: number;
  readonly body: string;
  readonly messageId: string | undefined;
}

export type OpenDelivery = { -readonly [K in keyof WebhookDelivery]: WebhookDelivery[K] } & OutgoingEvent;

/** The last deliveries, oldest first. */
export function createDeliveryLog(most: number) {
  const known: OpenDelivery[] = [];
  return {
    start({ event, timestamp, body, messageId }: OutgoingEvent): OpenDelivery {
      const requestId = newRequestId();
      const delivery: OpenDelivery = {
        ...{ event, timestamp, body, messageId, requestId },
        ...{ attempts: 0, status: 'pending', answered: undefined },
      };
      known.push(delivery);
      known.splice(0, Math.max(0, known.length - most));
      return delivery;
    },
    list: (): WebhookDelivery[] =>
      known.map(({ requestId, event, messageId, attempts, status, answered }) => ({
        ...{ requestId, event, messageId, attempts, status, answered },
      })),
  };
}
