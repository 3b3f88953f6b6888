import { randomUUID } from 'node:crypto';
import rhea from 'rhea';
import type { Typed } from 'rhea';
import { readTyped, writeSection } from './amqp/rhea.ts';

/**
 * A message as bytes. Sections are cut, not decoded, so that a receiver gets the very types and bytes that were sent;
 * only what a broker changes is read: header, annotations, a missing id, and properties to modify.
 * @see http://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-messaging-v1.0-os.html#section-message-format
 */
const { types } = rhea;

const section = { header: 0x70, annotations: 0x72, properties: 0x73, applicationProperties: 0x74, data: 0x75, value: 0x77 };

interface Section {
  readonly code: number;
  readonly start: number;
  readonly end: number;
  /** The section with its descriptor. */
  readonly bytes: Buffer;
}

/** What is kept of a message: the broker's part apart from what is passed through unseen. */
export interface StoredMessage {
  /** The message-annotations section as it came, if it did. */
  readonly annotations: Buffer | null;
  /** The sections from properties on. */
  readonly content: Buffer;
  readonly timeToLiveMs: number | null;
}

export interface ReceivedMessage extends StoredMessage {
  readonly scheduledAt: number | undefined;
}

function sectionsOf(raw: Buffer): Section[] {
  const sections: Section[] = [];
  for (let start = 0; start < raw.length;) {
    if (raw[start] !== 0x00) throw new RangeError('a message is a row of described sections');
    const wide = raw[start + 1] === 0x80;
    if (!wide && raw[start + 1] !== 0x53) throw new RangeError('a section is described by a ulong');
    const code = wide ? raw.readUInt32BE(start + 6) : raw.readUInt8(start + 2);
    const end = endOfValue(raw, start + (wide ? 10 : 3));
    if (end > raw.length) throw new RangeError('the message ends within a section');
    sections.push({ code, start, end, bytes: raw.subarray(start, end) });
    start = end;
  }
  return sections;
}

/** Where the value ends whose constructor stands at `at`: the type code's upper half says how its length is told. */
function endOfValue(raw: Buffer, at: number): number {
  const typeCode = raw.readUInt8(at);
  const kind = typeCode >>> 4;
  if (kind === 0x4) return at + 1;
  if (kind >= 0x5 && kind <= 0x9) return at + 1 + 2 ** (kind - 5);
  if (kind === 0xa || kind === 0xc || kind === 0xe) return at + 2 + raw.readUInt8(at + 1);
  if (kind === 0xb || kind === 0xd || kind === 0xf) return at + 5 + raw.readUInt32BE(at + 1);
  throw new RangeError(`type code ${typeCode} is none of AMQP's`);
}

/** The bytes within a data section. */
function dataOf({ bytes }: Section): Buffer {
  const value = bytes[1] === 0x80 ? 10 : 3;
  return bytes.subarray(value + (bytes[value] === 0xa0 ? 2 : 5));
}

/** The messages of a batch (message-format 0x80013700): each data section holds one. */
export const unpackBatch = (raw: Buffer): Buffer[] =>
  sectionsOf(raw)
    .filter(({ code }) => code === section.data)
    .map(dataOf);

/** @throws {RangeError} what is no message. */
export function parseMessage(raw: Buffer): ReceivedMessage {
  const sections = sectionsOf(raw);
  const find = (code: number) => sections.find((candidate) => candidate.code === code);
  const header = find(section.header);
  const annotations = find(section.annotations);
  const bare = sections.filter(({ code }) => code >= section.properties);
  const first = bare[0];
  if (!first) throw new RangeError('a message without a body');
  const ttl: unknown = header && types.unwrap((readTyped(header.bytes).value as Typed[])[2]);
  const scheduled = annotations && pairsOf(annotations.bytes).get('x-opt-scheduled-enqueue-time');
  return {
    annotations: annotations?.bytes ?? null,
    content: withMessageId(raw.subarray(first.start), first),
    timeToLiveMs: typeof ttl === 'number' ? ttl : null,
    scheduledAt: scheduled?.value instanceof Date ? scheduled.value.getTime() : undefined,
  };
}

/** The service gives an id to a message that has none; clients rely on it. */
function withMessageId(content: Buffer, first: Section): Buffer {
  const has = first.code === section.properties;
  const fields = has ? (readTyped(first.bytes).value as Typed[]) : [];
  if (fields[0] && types.unwrap(fields[0]) !== null) return content;
  const id = types.wrap_string(randomUUID().replaceAll('-', ''));
  const properties = writeSection(section.properties, types.wrap_list([id, ...fields.slice(1)]));
  return Buffer.concat([properties, has ? content.subarray(first.bytes.length) : content]);
}

/** A map section by key, each value with its type. */
function pairsOf(bytes: Buffer): Map<string, Typed> {
  const flat = readTyped(bytes).value as Typed[];
  const pairs = new Map<string, Typed>();
  for (let index = 0; index + 1 < flat.length; index += 2) pairs.set(String(flat[index]?.value), flat[index + 1] as Typed);
  return pairs;
}

function mapOf(pairs: Map<string, Typed>, wrapKey: (key: string) => Typed): Typed {
  const map = types.wrap_map({});
  map.value = [...pairs].flatMap(([key, value]) => [wrapKey(key), value]);
  return map;
}

/** The same content with application properties set or replaced, each other one untouched. */
export function withApplicationProperties(content: Buffer, changes: Readonly<Record<string, unknown>>): Buffer {
  if (Object.keys(changes).length === 0) return content;
  const sections = sectionsOf(content);
  const present = sections.find(({ code }) => code === section.applicationProperties);
  const pairs = present ? pairsOf(present.bytes) : new Map<string, Typed>();
  for (const [key, value] of Object.entries(changes)) pairs.set(key, types.wrap(value));
  const bytes = writeSection(section.applicationProperties, mapOf(pairs, types.wrap_string));
  const before = sections.filter(({ code }) => code < section.applicationProperties);
  const after = sections.filter(({ code }) => code > section.applicationProperties);
  return Buffer.concat([...before.map((each) => each.bytes), bytes, ...after.map((each) => each.bytes)]);
}

/** What the broker says of a message when it hands it out. */
export interface BrokerProperties {
  readonly sequence: number;
  readonly enqueuedAt: number;
  readonly lockedUntil: number | undefined;
  /** 0 active, 1 deferred, 2 scheduled. */
  readonly state: number;
  /** Failed deliveries so far: 0 at the first. */
  readonly deliveryCount: number;
}

/** The message as it goes to a receiver. */
export function encodeMessage(stored: StoredMessage, broker: BrokerProperties): Buffer {
  const ttl = stored.timeToLiveMs === null ? null : types.wrap_uint(stored.timeToLiveMs);
  // The count is written even where it is 0: the clients would take an absent one for no number.
  const header = types.wrap_list([null, null, ttl, null, types.wrap_uint(broker.deliveryCount)]);
  const pairs = stored.annotations ? pairsOf(stored.annotations) : new Map<string, Typed>();
  pairs.set('x-opt-sequence-number', types.wrap_long(broker.sequence));
  pairs.set('x-opt-enqueue-sequence-number', types.wrap_long(broker.sequence));
  pairs.set('x-opt-enqueued-time', types.wrap_timestamp(broker.enqueuedAt));
  pairs.set('x-opt-message-state', types.wrap_int(broker.state));
  if (broker.lockedUntil !== undefined) pairs.set('x-opt-locked-until', types.wrap_timestamp(broker.lockedUntil));
  return Buffer.concat([
    writeSection(section.header, header),
    writeSection(section.annotations, mapOf(pairs, types.wrap_symbol)),
    stored.content,
  ]);
}

/** What the journal says of a message: its application properties and its body, as text. */
export interface Described {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const nothingDescribed: Described = { headers: {}, body: '' };

export function describeContent(content: Buffer): Described {
  const headers: Record<string, string> = {};
  let body = '';
  for (const each of sectionsOf(content)) {
    if (each.code === section.applicationProperties) {
      for (const [key, { value }] of pairsOf(each.bytes)) headers[key] = asText(value);
    } else if (each.code === section.data) {
      body += dataOf(each).toString('utf8');
    } else if (each.code === section.value) {
      body = asText(types.unwrap(readTyped(each.bytes)));
    }
  }
  return { headers, body };
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  return Buffer.isBuffer(value) ? value.toString('base64') : JSON.stringify(value ?? null);
}
