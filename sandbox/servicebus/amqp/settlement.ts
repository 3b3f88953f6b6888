import type { Delivery } from 'rhea';
import { pathOf, type Broker } from '../broker.ts';
import type { ApplicationProperties, Settlement } from '../custody.ts';
import type { Method, Operations } from '../operations.ts';
import type { Entity } from '../store.ts';
import { askerOf, dropPeer, type Peer } from './peer.ts';
import { settle as settleDelivery } from './rhea.ts';

const methodOf: Readonly<Record<Settlement['kind'], Method>> = {
  complete: 'COMPLETE',
  abandon: 'ABANDON',
  defer: 'DEFER',
  'dead-letter': 'DEAD-LETTER',
};

interface Services {
  readonly broker: Broker;
  readonly operations: Operations;
}

interface Settling {
  readonly entity: Entity;
  readonly token: string;
  readonly settlement: Settlement;
}

/** The operation of settling one message, for a disposition and for `$management` alike. */
export const settling = ({ broker }: Services, { entity, token, settlement }: Settling) => {
  const perform = () => broker.settle(entity, token, settlement);
  return {
    method: methodOf[settlement.kind],
    path: pathOf(entity),
    messages: [broker.describeLock(token)],
    perform,
    performLosingLock() {
      broker.loseLock(token);
      return perform();
    },
  };
};

/** Carries out the disposition that a receiver sent for a delivery. */
export function settleByDisposition(
  services: Services,
  peer: Peer,
  about: { entity: Entity; delivery: Delivery; settlement: Settlement },
): void {
  const { entity, delivery, settlement } = about;
  const token = Buffer.from(delivery.tag).toString('hex');
  services.operations.run<undefined>({
    ...settling(services, { entity, token, settlement }),
    asker: () => askerOf(peer),
    // The outcome is never sent back as it came: clients take a `rejected` for a failure of the settlement.
    answer: ({ refused }) =>
      settleDelivery(delivery, refused && { condition: refused.condition, description: refused.description }),
    drop: () => dropPeer(peer),
  });
}

/** What the states of a disposition mean to a broker. */
export const settlementOf = {
  accepted: (): Settlement => ({ kind: 'complete' }),
  released: (): Settlement => ({ kind: 'abandon', modify: {} }),
  modified: ({ remote_state }: Delivery): Settlement => ({
    kind: remote_state?.['undeliverable_here'] === true ? 'defer' : 'abandon',
    modify: asProperties(remote_state?.['message_annotations']),
  }),
  // DeadLetterReason and DeadLetterErrorDescription come among them, under the names they keep.
  rejected: ({ remote_state }: Delivery): Settlement => ({
    kind: 'dead-letter',
    modify: asProperties((remote_state?.['error'] as { info?: unknown } | null | undefined)?.info),
  }),
} as const satisfies Record<string, (delivery: Delivery) => Settlement>;

const asProperties = (value: unknown): ApplicationProperties =>
  typeof value === 'object' && value !== null ? (value as ApplicationProperties) : {};
