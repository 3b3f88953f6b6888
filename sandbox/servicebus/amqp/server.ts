import type { AddressInfo, Server, Socket } from 'node:net';
import rhea from 'rhea';
import type { Connection, Container, EventContext, Receiver, Sender } from 'rhea';
import type { Broker } from '../broker.ts';
import { refusals, type Refusal } from '../errors.ts';
import type { Operations } from '../operations.ts';
import { answerCbs } from './cbs.ts';
import { createDispatch, type Dispatch } from './dispatch.ts';
import { ingest, maxMessageBytes, type Transfer } from './ingest.ts';
import { answerManagement } from './management.ts';
import { createPeer, isAuthorized, isRequestPath, parseRequest, refuseLink, type Peer } from './peer.ts';
import { answerAttach, keepMessagesRaw } from './rhea.ts';
import { settleByDisposition, settlementOf } from './settlement.ts';

interface Services {
  readonly broker: Broker;
  readonly operations: Operations;
  /** Told of what went wrong on a connection: bytes that are no AMQP, or a bug of ours. */
  readonly onError: (error: Error) => void;
  /** Told of each link that was refused. */
  readonly onRefused: (path: string, refusal: Refusal) => void;
}

const containerOptions = {
  id: 'sandbox-servicebus',
  autoaccept: false,
  treat_modified_as_released: false,
  tcp_no_delay: true,
  // Every delivery stays here until it is settled: the default of 2048 would stop a link with that many locks.
  session_buffer_size: { incoming: 2048, outgoing: 65_536 },
  max_frame_size: 65_536,
};

/** The broker on the wire: AMQP 1.0 over TCP, on 127.0.0.1. */
export async function listenAmqp(services: Services, port: number): Promise<{ port: number; close(): Promise<void> }> {
  const container = rhea.create_container(containerOptions);
  offerMechanisms(container);
  const dispatch = createDispatch(services);
  route(container, services, dispatch);
  const server = container.listen({ ...containerOptions, port, host: '127.0.0.1' });
  const sockets = trackSockets(server);
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve).once('error', reject);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        dispatch.stop();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy(new Error('the broker closes'));
      }),
  };
}

function offerMechanisms(container: Container): void {
  const mechanisms = container.sasl_server_mechanisms as Record<string, unknown> & { enable_anonymous(): void };
  mechanisms.enable_anonymous();
  // What the other SDKs ask for first; it says as little as ANONYMOUS.
  mechanisms['MSSBCBS'] = mechanisms['ANONYMOUS'];
}

function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function route(container: Container, services: Services, dispatch: Dispatch): void {
  const peers = new WeakMap<Connection, Peer>();
  const peerOf = (connection: Connection): Peer => {
    const peer = peers.get(connection) ?? createPeer(connection);
    peers.set(connection, peer);
    return peer;
  };
  const on = (event: string, handle: (context: EventContext, peer: Peer) => void) =>
    container.on(event, (context: EventContext) => handle(context, peerOf(context.connection)));

  on('session_open', ({ session }) => session && keepMessagesRaw(session));
  on('sender_open', ({ sender }, peer) => sender && openSender(services, dispatch, { sender, peer }));
  on('receiver_open', ({ receiver }, peer) => receiver && openReceiver(services, receiver, peer));
  on('message', (context, peer) => receive(services, peer, context));
  on('sender_flow', ({ sender }) => sender && dispatch.credit(sender));
  on('sender_draining', ({ sender }) => sender && dispatch.drain(sender));
  for (const [state, settlement] of Object.entries(settlementOf)) {
    on(state, ({ sender, delivery }, peer) => {
      const entity = sender && dispatch.entityOf(sender);
      if (entity && delivery) settleByDisposition(services, peer, { entity, delivery, settlement: settlement(delivery) });
    });
  }
  on('sender_close', ({ sender }) => dispatch.detach({ sender }));
  on('session_close', ({ session }) =>
    session?.each_sender(
      (sender: Sender) => dispatch.detach({ sender }),
      () => true,
    ),
  );
  for (const event of ['connection_close', 'disconnected']) on(event, ({ connection }) => dispatch.detach({ connection }));
  for (const event of ['connection_error', 'session_error', 'sender_error', 'receiver_error'])
    container.on(event, () => undefined);
  for (const event of ['protocol_error', 'error']) container.on(event, services.onError);
}

/** rhea's typings promise a terminus and an address; a client may leave out both. */
const addressOf = (terminus: { address?: string | null } | null | undefined): string => terminus?.address ?? '';

/** The client receives: from an entity, or the answers to its requests. */
function openSender(services: Services, dispatch: Dispatch, { sender, peer }: { sender: Sender; peer: Peer }): void {
  const path = addressOf(sender.source);
  const replyAddress = addressOf(sender.target);
  if (isRequestPath(path)) {
    sender.set_source({ address: path });
    sender.set_target({ address: replyAddress });
    peer.replyLinks.set(sender.name, sender);
    if (replyAddress !== '') peer.replyLinks.set(replyAddress, sender);
    return;
  }
  const entity = services.broker.entityOf(path);
  const refusal = entity ? receiverRefusal(path, peer, sender) : refusals.entityNotFound(path);
  if (refusal) refuse(services, sender, { path, refusal });
  else if (entity) dispatch.attach(peer, sender, entity);
}

function receiverRefusal(path: string, peer: Peer, { source }: Sender): Refusal | undefined {
  if (!isAuthorized(peer, path)) return refusals.unauthorized(path);
  const asksForSession = Object.hasOwn(source.filter ?? {}, 'com.microsoft:session-filter');
  return asksForSession ? refusals.sessionsNotAllowed : undefined;
}

/** The client sends: to a queue, or requests. */
function openReceiver(services: Services, receiver: Receiver, peer: Peer): void {
  const path = addressOf(receiver.target);
  const refusal = path === '$cbs' ? undefined : senderRefusal(services, peer, path);
  if (refusal) {
    refuse(services, receiver, { path, refusal });
    return;
  }
  receiver.set_target({ address: path });
  answerAttach(receiver, { snd_settle_mode: receiver.snd_settle_mode, max_message_size: maxMessageBytes });
}

function senderRefusal({ broker }: Services, peer: Peer, path: string): Refusal | undefined {
  if (path === '') return refusals.notPlayed('links without a target, such as transactions');
  const entity = broker.entityOf(withoutManagement(path));
  if (!entity) return refusals.entityNotFound(path);
  if (!isAuthorized(peer, path)) return refusals.unauthorized(path);
  return entity.dead && !isRequestPath(path) ? refusals.sendToDeadLetters : undefined;
}

function refuse({ onRefused }: Services, link: Sender | Receiver, { path, refusal }: { path: string; refusal: Refusal }): void {
  onRefused(path, refusal);
  refuseLink(link, refusal);
}

const withoutManagement = (path: string) => path.replace(/\/\$management$/i, '');

function receive(services: Services, peer: Peer, { receiver, message, delivery, ...context }: EventContext): void {
  const raw: unknown = message;
  if (!receiver || !delivery || !Buffer.isBuffer(raw)) throw new TypeError('rhea gave no message');
  const path = addressOf(receiver.target);
  const entity = services.broker.entityOf(withoutManagement(path));
  if (isRequestPath(path)) delivery.accept();
  if (path === '$cbs') answerCbs(peer, parseRequest(raw));
  else if (!entity) throw new TypeError(`a link to '${path}' was opened`);
  else if (isRequestPath(path)) answerManagement(services, peer, { ...parseRequest(raw), entity });
  else {
    const transfer: Transfer = { raw, delivery, format: (context as { format?: number }).format ?? 0 };
    ingest(services, peer, { entity, transfer });
  }
}
