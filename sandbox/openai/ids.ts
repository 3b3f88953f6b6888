import { randomBytes } from 'node:crypto';

/** An id as the vendor makes them: `resp_…`, `msg_…`, `fc_…`. */
export const newId = (prefix: string): string => `${prefix}_${randomBytes(25).toString('hex')}`;

export const newCallId = (): string => `call_${randomBytes(18).toString('base64url').replace(/[-_]/g, 'x')}`;

/** About what a text costs: four characters a token. */
export const countTokens = (text: string): number => Math.ceil(text.length / 4);
