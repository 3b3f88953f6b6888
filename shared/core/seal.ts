import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { AppError } from './errors.ts';

// version, 12-byte nonce, 16-byte tag, ciphertext
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM. `context` is authenticated with it, so that a value cannot be moved to another field or document. */
export function sealBytes(key: Uint8Array | KeyObject, plain: Uint8Array, context: string): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context, 'utf8'));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), sealed]);
}

/** @throws {AppError} `not-found` when the key or the context is another one, or the bytes were changed. */
export function openBytes(key: Uint8Array | KeyObject, sealed: Uint8Array, context: string): Uint8Array {
  const bytes = Buffer.from(sealed);
  try {
    if (bytes[0] !== version) throw new RangeError('unknown version');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + nonceBytes))
      .setAAD(Buffer.from(context, 'utf8'))
      .setAuthTag(bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(1 + nonceBytes + tagBytes)), decipher.final()]);
  } catch (cause) {
    throw new AppError('not-found', `The sealed value of '${context}' cannot be opened with this key`, { cause });
  }
}
