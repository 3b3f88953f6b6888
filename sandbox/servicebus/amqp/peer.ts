import type { Connection, Receiver, Sender } from 'rhea';
import rhea from 'rhea';
import type { Asker } from '../../kit/applications.ts';
import type { Refusal } from '../errors.ts';
import { cutConnection, portsOf } from './rhea.ts';

/** One client connection: what it may open, and where answers to its requests go. */
export interface Peer {
  readonly connection: Connection;
  /** The paths it has put a token for. */
  readonly authorized: Set<string>;
  readonly replyLinks: Map<string, Sender>;
  /** Cut by a fault; its links learn of it a moment later. */
  gone: boolean;
}

export const createPeer = (connection: Connection): Peer => ({
  connection,
  authorized: new Set(),
  replyLinks: new Map(),
  gone: false,
});

/** A link whose messages are requests: `$cbs` and `<entity>/$management`. */
export const isRequestPath = (path: string): boolean => path === '$cbs' || /\/\$management$/i.test(path);

/** A token for a path is good for what lies below it. */
export function isAuthorized({ authorized }: Peer, path: string): boolean {
  const wanted = `/${path.replace(/^\//, '').toLowerCase()}/`;
  return [...authorized].some((granted) => wanted.startsWith(granted === '' ? '/' : `/${granted}/`));
}

export function refuseLink(link: Sender | Receiver, { condition, description }: Refusal): void {
  link.close({ condition, description });
}

/** A request as `$cbs` and `$management` get it. */
export interface AmqpRequest {
  readonly messageId: string | number | Buffer | undefined;
  readonly replyTo: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export function parseRequest(raw: Buffer): AmqpRequest {
  const message = rhea.message.decode(raw);
  const id: unknown = message['message_id'];
  const properties: unknown = message['application_properties'];
  return {
    messageId: typeof id === 'string' || typeof id === 'number' || Buffer.isBuffer(id) ? id : undefined,
    replyTo: String(message['reply_to'] ?? ''),
    properties: typeof properties === 'object' && properties !== null ? { ...properties } : {},
    body: message['body'],
  };
}

/** Sends an answer over the link that the request names; nobody waits where that link is gone. */
export function reply(peer: Peer, request: AmqpRequest, answer: { properties: Record<string, unknown>; body?: unknown }): void {
  const link = peer.replyLinks.get(request.replyTo);
  if (!link?.is_open()) return;
  link.send({
    ...(request.messageId === undefined ? {} : { correlation_id: request.messageId }),
    application_properties: answer.properties,
    body: answer.body,
  });
}

export const askerOf = ({ connection }: Peer): Asker => portsOf(connection);

export function dropPeer(peer: Peer): void {
  peer.gone = true;
  cutConnection(peer.connection);
}
