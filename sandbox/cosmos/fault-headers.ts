import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { chargeText, failureCharge } from './charges.ts';

/** The shortest wait that a throttled client is told where a fault names none. */
const defaultRetryAfterMs = 10;

// 3200: the partition's own throughput is used up.
const substatuses: Readonly<Record<number, string>> = { 429: '3200' };

/** The headers of Cosmos that an answer lacks because a fault gave it; `retry-after` in milliseconds, where the client looks. */
export function faultHeaders(status: number, headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  if ('x-ms-activity-id' in headers) return {};
  const seconds = headers['retry-after'];
  const retryAfterMs = seconds === undefined ? defaultRetryAfterMs : Math.round(Number(seconds) * 1_000);
  const substatus = substatuses[status];
  return {
    'x-ms-activity-id': randomUUID(),
    'x-ms-request-charge': chargeText(failureCharge(status)),
    ...((seconds !== undefined || status === 429 || status === 449) && { 'x-ms-retry-after-ms': String(retryAfterMs) }),
    ...(substatus !== undefined && { 'x-ms-substatus': substatus }),
  };
}
