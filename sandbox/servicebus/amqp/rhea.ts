import type { Socket } from 'node:net';
import rhea from 'rhea';
import type { Connection, Delivery, Receiver, Sender, Session, Typed } from 'rhea';
import type { Asker } from '../../kit/applications.ts';

/**
 * The one place that knows more of rhea 3 than its typings do: the typed reader and writer of AMQP values, and the few
 * fields of links and deliveries that a broker needs and a client does not.
 */
interface Codec {
  readonly Reader: new (buffer: Buffer) => { read(): Typed };
  readonly Writer: new () => { write(value: Typed): void; toBuffer(): Buffer };
}
const codec = rhea.types as unknown as Codec; // classes beside the wrappers, missing in the typings alone

const { types } = rhea;

/** A value with its AMQP type, so that what is written again is what was read. */
export const readTyped = (buffer: Buffer): Typed => new codec.Reader(buffer).read();

export function writeTyped(value: Typed): Buffer {
  const writer = new codec.Writer();
  writer.write(value);
  return writer.toBuffer();
}

/** One section of a message: its value under its descriptor. */
export const writeSection = (code: number, value: Typed): Buffer =>
  writeTyped(types.described_nc(types.wrap_ulong(code), value) as Typed);

interface LinkInternals {
  local: { attach: Record<string, unknown> };
  delivery_count: number;
  credit: number;
  issue_flow: boolean;
  _draining: boolean;
  _drained: boolean;
  _get_drain: () => boolean;
}
const internalsOf = (link: Sender | Receiver) => link as unknown as LinkInternals; // every rhea 3 link is made so

/** Sets a field of the attach that is about to be written in answer to the peer's. */
export function answerAttach(link: Sender | Receiver, fields: Record<string, unknown>): void {
  Object.assign(internalsOf(link).local.attach, fields);
}

/** How many messages the peer has allowed on this link since it was attached, drained credit included. */
export function creditLimit(sender: Sender): number {
  const { delivery_count, credit } = internalsOf(sender);
  return delivery_count + credit;
}

/** rhea answers a drain only where credit is left; a receiver that drains as its last message leaves waits in vain then. */
export function answerEveryDrain(sender: Sender): void {
  const link = internalsOf(sender);
  link._get_drain = () => {
    if (!link._draining || !link._drained) return false;
    link.delivery_count += link.credit;
    link.credit = 0;
    return true;
  };
}

/** Whether the session can hold another delivery: its buffer throws when it overflows. */
export function hasRoom(session: Session): boolean {
  const { outgoing } = session as unknown as { outgoing: { available(): number } };
  return outgoing.available() > 0;
}

interface TransferFrame {
  readonly performative: { message_format: number | null | undefined };
}

/** Marks a message of format 0 that is to be handed over as its bytes: rhea would decode it and lose its types. */
export const rawFormat = 0x7fffffff;

export function keepMessagesRaw(session: Session): void {
  const target = session as unknown as { on_transfer(frame: TransferFrame): void };
  const original = target.on_transfer.bind(session);
  target.on_transfer = (frame) => {
    if (frame.performative.message_format === 0) frame.performative.message_format = rawFormat;
    original(frame);
  };
}

export interface AmqpError {
  readonly condition: string;
  readonly description: string;
}

interface Outcomes {
  accepted(): { described(): Typed };
  rejected(fields: { error: AmqpError }): { described(): Typed };
}
const outcomes = rhea.message as unknown as Outcomes; // made by the same code as those the typings know

/** Settles a delivery for both ends: the peer of a broker sends no last word, and rhea would keep waiting for it. */
export function settle(delivery: Delivery, error?: AmqpError): void {
  delivery.update(true, error ? outcomes.rejected({ error }).described() : outcomes.accepted().described());
  (delivery as { remote_settled: boolean }).remote_settled = true;
}

/** The two ends of the connection. */
export function portsOf(connection: Connection): Asker {
  const { socket } = connection as unknown as { socket: Socket | undefined };
  return { clientPort: socket?.remotePort, serverPort: socket?.localPort };
}

/** Cuts the connection without a word; rhea cleans up as for any broken socket. */
export function cutConnection(connection: Connection, reason = 'cut by a fault'): void {
  const { socket } = connection as unknown as { socket: Socket | undefined };
  socket?.destroy(new Error(reason));
}
