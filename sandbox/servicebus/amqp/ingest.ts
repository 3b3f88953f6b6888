import type { Delivery } from 'rhea';
import { pathOf, type Broker } from '../broker.ts';
import { done, refusals, refuse, type Outcome } from '../errors.ts';
import { describeContent, parseMessage, unpackBatch, type ReceivedMessage } from '../message.ts';
import { refuseMalformed, type Operations } from '../operations.ts';
import type { Entity } from '../store.ts';
import { askerOf, dropPeer, type Peer } from './peer.ts';
import { settle } from './rhea.ts';

export const maxMessageBytes = 1024 * 1024;

const batchFormat = 0x80013700;

export interface Transfer {
  readonly raw: Buffer;
  readonly format: number;
  readonly delivery: Delivery;
}

/** Takes one transfer of a sender, a message or a batch of them, and settles it once all is on disk. */
export function ingest(
  services: { broker: Broker; operations: Operations },
  peer: Peer,
  from: { entity: Entity; transfer: Transfer },
): void {
  const { broker, operations } = services;
  const { entity, transfer } = from;
  const parsed = refuseMalformed(() => parseTransfer(transfer));
  const messages = parsed.value ?? [];
  let stored: number[] = [];
  const store = (): Outcome<undefined> => {
    if (parsed.refused) return parsed;
    if (transfer.raw.length > maxMessageBytes) return refuse(refusals.messageTooLarge(transfer.raw.length, maxMessageBytes));
    stored = broker.send(entity, messages);
    return done(undefined);
  };
  operations.run<undefined>({
    method: messages.some(({ scheduledAt }) => scheduledAt !== undefined) ? 'SCHEDULE' : 'SEND',
    path: pathOf(entity),
    messages: messages.map(({ content }) => describeContent(content)),
    asker: () => askerOf(peer),
    perform: store,
    answer: ({ refused }) =>
      settle(transfer.delivery, refused && { condition: refused.condition, description: refused.description }),
    drop: () => dropPeer(peer),
    // Nothing is locked yet: the lock is lost when the message is first delivered.
    performLosingLock: () => {
      const outcome = store();
      for (const sequence of stored) broker.losesLock.add(sequence);
      return outcome;
    },
  });
}

function parseTransfer({ raw, format }: Transfer): ReceivedMessage[] {
  return format === batchFormat ? unpackBatch(raw).map(parseMessage) : [parseMessage(raw)];
}
