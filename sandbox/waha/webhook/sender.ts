import type { SandboxContext } from '../../kit/context.ts';
import { valueOf, type Settings } from '../options.ts';
import type { Tasks } from '../tasks.ts';
import { createDeliveryLog, type OpenDelivery, type OutgoingEvent, type WebhookDelivery } from './delivery.ts';
import { playWebhookFault } from './play-fault.ts';
import { webhookHeaders } from './headers.ts';
import { createPostClient, type PostOutcome } from './post.ts';
import { retryDelayMs } from './retry.ts';

export interface WebhookSender {
  send(event: OutgoingEvent): void;
  deliveries(): WebhookDelivery[];
  /** Whether a request is open. */
  open(): boolean;
  close(): void;
}

const maxDeliveries = 2_000;
const noAnswer: PostOutcome = { status: undefined, retryAfter: undefined };

/** Fire and forget, concurrent, in no order: as WAHA. What waits to be repeated is lost with the process. */
export function createWebhookSender(context: SandboxContext, settings: Settings, tasks: Tasks): WebhookSender {
  const client = createPostClient();
  const log = createDeliveryLog(maxDeliveries);
  const { retries } = settings.webhook;
  let openRequests = 0;
  let closed = false;

  const failed = (delivery: OpenDelivery, outcome: PostOutcome) => {
    delivery.answered = outcome.status;
    if (delivery.attempts > retries.attempts) {
      delivery.status = 'given-up';
      return;
    }
    const after = { retryAfter: outcome.retryAfter, now: context.clock.now() };
    tasks.after(retryDelayMs(retries, delivery.attempts, after), () => attempt(delivery));
  };

  const post = async (delivery: OpenDelivery, countsAsFailed = false) => {
    openRequests += 1;
    const headers = webhookHeaders(settings, delivery);
    context.witness.record({
      ...{ vendor: 'waha', kind: 'webhook', method: 'POST', path: delivery.event, requestHeaders: headers },
      ...{ requestBody: delivery.body, status: 0, responseType: '', responseBody: '', byFault: false },
    });
    const outcome = await client.post(valueOf(settings.webhook.url), headers, delivery.body);
    openRequests -= 1;
    if (closed) return;
    if (countsAsFailed || !isSuccess(outcome)) {
      failed(delivery, outcome);
      return;
    }
    delivery.answered = outcome.status;
    delivery.status = 'delivered';
  };

  /** The connection stays open and nothing comes. */
  const hang = (delivery: OpenDelivery, delayMs: number | undefined) => {
    openRequests += 1;
    if (delayMs === undefined) return;
    tasks.after(delayMs, () => {
      openRequests -= 1;
      failed(delivery, noAnswer);
    });
  };

  const attempt = (delivery: OpenDelivery) => {
    delivery.attempts += 1;
    const fault = context.faults.take('waha', { method: 'WEBHOOK', path: delivery.event, body: delivery.body });
    playWebhookFault(fault, { delivery, post, failed, hang, tasks, startAgain: () => log.start(delivery) });
  };

  return {
    send: (event) => attempt(log.start(event)),
    deliveries: log.list,
    open: () => openRequests > 0,
    close() {
      closed = true;
      client.close();
    },
  };
}

const isSuccess = ({ status }: PostOutcome): boolean => status !== undefined && status >= 200 && status < 300;
