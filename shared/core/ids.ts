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

/** A WhatsApp message id of our making: `3EB0` and 18 upper-case hex digits, the form of the network's own. */
export function deriveWhatsappId(replyId: string, part: number): string {
  return `3EB0${createHash('sha256')
    .update(JSON.stringify([replyId, part]))
    .digest('hex')
    .slice(0, 18)
    .toUpperCase()}`;
}

/**
 * The blind index under which personal data is looked up: not reversible without the key.
 * @param key A `KeyObject` where it is used often: bytes are made one at each use, which takes ten times as long.
 */
export function blindIndex(key: Uint8Array | KeyObject, ...parts: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
