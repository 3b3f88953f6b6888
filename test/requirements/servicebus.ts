import type { Requirement } from '../requirements.ts';

export const servicebusRequirements = {
  'servicebus:send-receive': {
    planned: 'The unmodified client sends single messages and batches and receives them in peek-lock, through CBS.',
  },
  'servicebus:settle': {
    planned:
      'Complete, abandon and dead-letter settle a message; a settlement after a lost lock is refused with MessageLockLost.',
  },
  'servicebus:lock-renewal': {
    planned: 'A lock is renewed on request and lost when it runs out; the message is then delivered again.',
  },
  'servicebus:delivery-count': {
    planned: 'Deliveries are counted, and at maxDeliveryCount a message moves to the dead-letter sub-queue with its reason.',
  },
  'servicebus:scheduled': { planned: 'A scheduled message is delivered at its time and can be cancelled.' },
  'servicebus:dead-letter-queue': { planned: 'The dead-letter sub-queue is read like a queue.' },
  'servicebus:drain': { planned: 'A receive that waits in vain ends by draining its credit.' },
  'servicebus:refuses': {
    planned: 'Sessions, duplicate detection and unknown entities are refused loudly, with errors of the real service.',
  },
  'servicebus:durable': { planned: 'A restart of the broker loses nothing, scheduled messages included.' },
  'servicebus:faults': { planned: 'On demand the broker loses locks, drops connections, duplicates, delays and refuses.' },
  'servicebus:queues': { planned: 'Queue counts (active, scheduled, dead-lettered) are told to the sandbox.' },
} as const satisfies Record<string, Requirement>;
