import type { Settings } from '../options.ts';
import { signBody } from './sign.ts';

/** In the order and casing of a real WAHA; Host and Connection follow from the socket. */
export function webhookHeaders(
  settings: Pick<Settings, 'version' | 'webhook'>,
  delivery: { requestId: string; timestamp: number; body: string },
): Record<string, string> {
  const { hmacKey, customHeaders } = settings.webhook;
  return {
    Accept: 'application/json, text/plain, */*',
    'Content-Type': 'application/json',
    'User-Agent': `WAHA/${settings.version}`,
    ...Object.fromEntries(customHeaders.map(({ name, value }) => [name, value])),
    'X-Webhook-Request-Id': delivery.requestId,
    'X-Webhook-Timestamp': String(delivery.timestamp),
    ...(hmacKey === '' ? {} : { 'X-Webhook-Hmac': signBody(hmacKey, delivery.body), 'X-Webhook-Hmac-Algorithm': 'sha512' }),
    'Content-Length': String(Buffer.byteLength(delivery.body)),
    'Accept-Encoding': 'gzip, compress, deflate, br',
  };
}
