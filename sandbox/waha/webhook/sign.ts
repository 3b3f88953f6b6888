import { createHmac } from 'node:crypto';

/** Hex HMAC-SHA512 of the raw body. */
export const signBody = (key: string, body: string): string => createHmac('sha512', key).update(body, 'utf8').digest('hex');
