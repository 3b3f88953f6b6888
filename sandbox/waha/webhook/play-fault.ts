import type { Fault } from '../../kit/faults.ts';
import type { Tasks } from '../tasks.ts';
import type { OpenDelivery } from './delivery.ts';
import type { PostOutcome } from './post.ts';

/** One attempt, and what may be done with it. */
export interface Attempt {
  readonly delivery: OpenDelivery;
  readonly post: (delivery: OpenDelivery, countsAsFailed?: boolean) => Promise<void>;
  readonly failed: (delivery: OpenDelivery, outcome: PostOutcome) => void;
  readonly hang: (delivery: OpenDelivery, delayMs: number | undefined) => void;
  /** The same event under another request id. */
  readonly startAgain: () => OpenDelivery;
  readonly tasks: Tasks;
}

/** Posts, but for what the fault does on the way. */
export function playWebhookFault(fault: Fault | undefined, attempt: Attempt): void {
  const { delivery, post, failed, hang, tasks, startAgain } = attempt;
  switch (fault?.effect) {
    case 'drop':
      delivery.status = 'lost';
      return;
    case 'answer':
      failed(delivery, { status: fault.status ?? 500, retryAfter: fault.retryAfterSeconds?.toString() });
      return;
    case 'hang':
      hang(delivery, fault.delayMs);
      return;
    case 'delay':
      tasks.after(fault.delayMs ?? 1_000, () => void post(delivery));
      return;
    case 'duplicate':
      void post(Object.assign(startAgain(), { attempts: 1 }));
      break;
    default:
  }
  void post(delivery, fault?.effect === 'answer-after-doing');
}
