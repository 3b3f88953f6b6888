import type { Requirement } from '../requirements.ts';

export const servicebusRequirements = {
  'servicebus:send-receive':
    'The unmodified client sends single messages and batches and receives them in peek-lock, through CBS.',
  'servicebus:settle':
    'Complete, abandon, defer and dead-letter settle a message; a settlement after a lost lock is refused with MessageLockLost.',
  'servicebus:lock-renewal': 'A lock is renewed on request and lost when it runs out; the message is then delivered again.',
  'servicebus:delivery-count':
    'Deliveries are counted, and at maxDeliveryCount a message moves to the dead-letter sub-queue with its reason.',
  'servicebus:scheduled': 'A scheduled message is delivered at its time and can be cancelled.',
  'servicebus:dead-letter-queue': 'The dead-letter sub-queue is read like a queue.',
  'servicebus:drain': 'A receive that waits in vain ends by draining its credit.',
  'servicebus:refuses':
    'Sessions, duplicate detection, unknown entities and wrong keys are refused loudly, with errors of the real service.',
  'servicebus:durable': 'A restart of the broker loses nothing, scheduled messages included; a broken-off delivery counts.',
  'servicebus:faults': 'On demand the broker loses locks, drops connections, hangs, duplicates, delays and refuses.',
  'servicebus:journal': 'What the broker was asked for is written down with entity, application properties and body.',
  'servicebus:queues': 'Queue counts (active, scheduled, dead-lettered) are told to the sandbox.',
} as const satisfies Record<string, Requirement>;
