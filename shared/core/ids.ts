import { createHash, createHmac, type KeyObject } from 'node:crypto';

/** A stable id of 32 hex digits from parts that no separator can confuse; Cosmos allows every character of it. */
export function deriveId(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** A UUID (RFC 9562 version 8) made from the parts, for vendors that want one as their idempotency key. */
export function deriveUuid(...parts: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

// 60 bits of the reply's id, and room for 4,096 parts.
const replyDigits = 15;
const ownWhatsappId = new RegExp(`^3EB0([0-9A-F]{${replyDigits}})[0-9A-F]{3}$`);

/**
 * A WhatsApp message id of our making: `3EB0` and 18 upper-case hex digits, the form of the network's own. It begins as
 * the id of its reply does, so that whoever has the one finds the other.
 */
export function deriveWhatsappId(replyId: string, part: number): string {
  return `3EB0${replyId.slice(0, replyDigits)}${part.toString(16).padStart(3, '0')}`.toUpperCase();
}

/** How the id of the reply begins to which a WhatsApp id of our making belongs; undefined for any other. */
export function replyIdStart(whatsappId: string): string | undefined {
  return ownWhatsappId.exec(whatsappId)?.[1]?.toLowerCase();
}

/**
 * The blind index under which personal data is looked up: not reversible without the key.
 * @param key A `KeyObject` where it is used often: bytes are made one at each use, which takes ten times as long.
 */
export function blindIndex(key: Uint8Array | KeyObject, ...parts: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
