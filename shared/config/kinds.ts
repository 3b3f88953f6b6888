import { z } from 'zod';

export const text = z.string().trim().min(1);

/** A comma-separated list. */
export const list = text.transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

export const key32 = z
  .string()
  .transform((value) => new Uint8Array(Buffer.from(value, 'base64')))
  .refine((bytes) => bytes.length === 32, 'must be 32 bytes in base64 (`openssl rand -base64 32`)');

// What is shorter can be guessed by who has one signed request in hand.
const leastSecretChars = 16;
const tooShort = `must have ${leastSecretChars} characters or more (\`openssl rand -base64 32\`)`;

export const secret = text.refine((value) => value.length >= leastSecretChars, tooShort);
export const secrets = list.refine(
  (keys) => keys.length > 0 && keys.every((key) => key.length >= leastSecretChars),
  `each ${tooShort}`,
);

/** An address that keys, tokens or what people wrote are sent to: http leaves this machine for nobody to read. */
export function address(error: string) {
  return z
    .url({ protocol: /^https?$/, error })
    .refine(isSafe, 'must begin with https://: http is for this very machine alone (127.0.0.1, localhost)');
}

function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return true; // is told already
  const { protocol, hostname } = new URL(url);
  return protocol !== 'http:' || isLoopback(hostname);
}

export function isLoopback(hostname: string): boolean {
  return /^(127(\.\d{1,3}){3}|\[::1\]|localhost|.+\.localhost)$/i.test(hostname);
}
