import type { Connection, Sender } from 'rhea';
import { pathOf, type Broker } from '../broker.ts';
import type { HandedOut } from '../custody.ts';
import { done } from '../errors.ts';
import { encodeMessage } from '../message.ts';
import type { Operations } from '../operations.ts';
import { messageState, type Entity } from '../store.ts';
import { askerOf, dropPeer, refuseLink, type Peer } from './peer.ts';
import { answerAttach, answerEveryDrain, creditLimit, hasRoom } from './rhea.ts';

/** A client's receiver, which is a sender to us. */
interface ReceiverLink {
  readonly sender: Sender;
  readonly peer: Peer;
  readonly entity: Entity;
  /** Whether messages leave the queue as they are sent (receive-and-delete). */
  readonly settled: boolean;
  sent: number;
  /** How many it may be sent in all: rhea counts its credit down only when it writes. */
  limit: number;
}

const settledBySender = 1;
const receiverSettlesSecond = 1;
const maxAtOnce = 256;

export type Dispatch = ReturnType<typeof createDispatch>;

interface Services {
  readonly broker: Broker;
  readonly operations: Operations;
}

/** Hands messages to receivers as far as they have given credit. */
export function createDispatch(services: Services) {
  const links = new Map<Sender, ReceiverLink>();
  const row = createWaitingRow((link) => serve(services, link));
  services.broker.onReady((entity) => row.wake(pathOf(entity)));

  return {
    attach(peer: Peer, sender: Sender, entity: Entity) {
      const settled = sender.snd_settle_mode === settledBySender;
      answerAttach(sender, {
        snd_settle_mode: sender.snd_settle_mode,
        rcv_settle_mode: settled ? 0 : receiverSettlesSecond,
      });
      sender.set_source({ address: sender.source.address });
      answerEveryDrain(sender);
      const link: ReceiverLink = { sender, peer, entity, settled, sent: 0, limit: 0 };
      links.set(sender, link);
      row.add(link);
    },
    credit(sender: Sender) {
      const link = links.get(sender);
      if (!link) return;
      link.limit = creditLimit(sender);
      row.wake(pathOf(link.entity));
    },
    /** What is there goes out first; the rest of the credit is given back. */
    drain(sender: Sender) {
      const link = links.get(sender);
      if (!link) return;
      while (serve(services, link));
      link.sent = link.limit;
      sender.set_drained(true);
    },
    entityOf: (sender: Sender) => links.get(sender)?.entity,
    /** A link that is gone keeps its locks until they run out, as in the real service. */
    detach(gone: { sender?: Sender | undefined; connection?: Connection }) {
      for (const link of links.values()) {
        if (link.sender !== gone.sender && link.peer.connection !== gone.connection) continue;
        links.delete(link.sender);
        row.remove(link);
      }
    },
    stop: () => row.stop(),
  };
}

/** The links that wait at each entity; those served go to the end of the row. */
function createWaitingRow(serveLink: (link: ReceiverLink) => boolean) {
  const rows = new Map<string, Set<ReceiverLink>>();
  const due = new Set<string>();
  let stopped = false;

  const serveDue = () => {
    const paths = [...due];
    due.clear();
    if (stopped) return;
    for (const path of paths) {
      for (const link of [...(rows.get(path) ?? [])]) {
        if (!serveLink(link)) continue;
        rows.get(path)?.delete(link);
        rows.get(path)?.add(link);
        wake(path);
      }
    }
  };
  const wake = (path: string) => {
    if (due.size === 0) process.nextTick(serveDue);
    due.add(path);
  };
  return {
    wake,
    add: (link: ReceiverLink) =>
      void rows.set(pathOf(link.entity), (rows.get(pathOf(link.entity)) ?? new Set<ReceiverLink>()).add(link)),
    remove: (link: ReceiverLink) => void rows.get(pathOf(link.entity))?.delete(link),
    stop() {
      stopped = true;
    },
  };
}

/** @returns whether anything was sent. */
function serve(services: Services, link: ReceiverLink): boolean {
  const { broker } = services;
  const credit = Math.min(link.limit - link.sent, maxAtOnce);
  if (credit <= 0 || link.peer.gone || !link.sender.is_open() || !hasRoom(link.sender.session)) return false;
  const handedOut = link.settled ? broker.takeNext(link.entity, credit) : broker.lockNext(link.entity, credit);
  for (const each of handedOut) deliver(services, link, each);
  return handedOut.length > 0;
}

function deliver(
  { broker, operations }: { broker: Broker; operations: Operations },
  link: ReceiverLink,
  handedOut: HandedOut,
): void {
  const { row, described, lock } = handedOut;
  let left = false;
  const send = () => {
    if (link.peer.gone || !link.sender.is_open()) return done(undefined);
    const bytes = encodeMessage(row, { ...row, state: messageState.active, lockedUntil: lock?.until });
    link.sender.send(bytes, lock ? Buffer.from(lock.token, 'hex') : undefined, 0);
    link.sent += 1;
    left = true;
    if (lock && broker.losesLock.delete(row.sequence)) broker.loseLock(lock.token);
    return done(undefined);
  };
  const giveBack = () => {
    if (!left) broker.putBack(handedOut);
  };
  operations.run<undefined>({
    method: 'RECEIVE',
    path: pathOf(link.entity),
    messages: [described],
    asker: () => askerOf(link.peer),
    perform: send,
    answer({ refused }) {
      if (!refused) return;
      giveBack();
      refuseLink(link.sender, refused);
    },
    drop() {
      giveBack();
      dropPeer(link.peer);
    },
    performLosingLock() {
      if (lock) broker.losesLock.add(row.sequence);
      return send();
    },
    performTwice() {
      broker.duplicate(row);
      return send();
    },
  });
}
