import type { Random } from '../../sandbox/kit/random.ts';
import { mutateText, troublingText } from './texts.ts';

export type Headers = Readonly<Record<string, string>>;

const telling = [
  ...[
    'content-type',
    'content-encoding',
    'accept',
    'accept-encoding',
    'accept-language',
    'user-agent',
    'cookie',
    'authorization',
  ],
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'traceparent', 'tracestate', 'origin', 'referer', 'range'],
  ...[
    'sec-fetch-site',
    'if-match',
    'if-none-match',
    'prefer',
    'x-ms-client-principal',
    'x-original-url',
    'x-http-method-override',
  ],
  ...[
    'host',
    'forwarded',
    'baggage',
    'via',
    'constructor',
    '__proto__',
    'x-ms-invocation-id',
    'idempotency-key',
    'client-request-id',
  ],
] as const;
const contentTypes = [
  ...[
    'application/json',
    'application/json; charset=utf-16',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
  ],
  ...['multipart/form-data', 'multipart/form-data; boundary=x', 'application/octet-stream', '', 'json', 'application/json;;;'],
  ...['application/query+json', 'APPLICATION/JSON', 'text/event-stream', '*/*'],
] as const;

/** The headers with one to three of them gone, changed or added. Values stay such that a client can send them. */
export function mutateHeaders(random: Random, headers: Headers): Headers {
  let changed: Headers = { ...headers };
  for (let time = 0; time <= random.below(3); time += 1) changed = changeOne(random, changed);
  return changed;
}

function changeOne(random: Random, headers: Headers): Headers {
  const names = Object.keys(headers);
  const some = names.length === 0 ? 'x-none' : random.pick(names);
  switch (random.below(5)) {
    case 0:
      return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== some));
    case 1:
      return { ...headers, [some]: sendable(mutateText(random, headers[some] ?? '')) };
    case 2:
      return { ...headers, [random.pick(telling)]: sendable(troublingText(random)) };
    case 3:
      return { ...headers, 'content-type': random.pick(contentTypes) };
    default:
      return { ...headers, [`x-${random.below(1_000_000)}`]: 'x'.repeat(random.below(2_000)) };
  }
}

/** What HTTP lets a value be, cut so that all headers stay below what servers take together. */
export function sendable(value: string): string {
  return Buffer.from(value.toWellFormed(), 'utf8')
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
    .slice(0, 3_000);
}
