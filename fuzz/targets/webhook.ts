import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { mutatePath } from '../mutate/address.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateHeaders, type Headers } from '../mutate/headers.ts';
import { mutateJson } from '../mutate/json.ts';
import { mutateText } from '../mutate/texts.ts';
import type { Random } from '../../sandbox/kit/random.ts';
import { createAgent, send, type Answer, type RawShot, type Shot } from '../shot.ts';
import { memberOf, parseJson, type CreateTarget } from '../target.ts';
import { isRefusedByServer } from './http-target.ts';

const Captured = z.object({ captures: z.array(z.object({ bodyRaw: z.string() })) });
const fixture = fileURLToPath(new URL('../../test/fixtures/waha-captured-webhooks.json', import.meta.url));

// So many that no conversation has more waiting than it may.
const people = 2_000;
const oversizedBytes = 1024 * 1024 + 1;
const path = '/api/webhooks/whatsapp';

/** The requests that a real WAHA sent, from other people and now, signed as WAHA signs; then something is done to them. */
export const createWebhookTarget: CreateTarget = (world) => {
  const corpus = Captured.parse(JSON.parse(readFileSync(fixture, 'utf8'))).captures.map(({ bodyRaw }) => bodyRaw);
  const [key = ''] = (world.environment['WAHA_HMAC_KEYS'] ?? '').split(',');
  const maker: Maker = { corpus, key };
  return {
    under: 'application',
    url: world.applicationUrl,
    make: (random) => make(random, maker),
    judge,
    outcome({ status, body }) {
      const answer = parseJson(body);
      const said = [memberOf(answer, 'outcome') ?? memberOf(answer, 'error'), memberOf(answer, 'reason')];
      return [status, ...said.filter((word) => typeof word === 'string')].join(' ').replace(/(200 status session).*/, '$1 …');
    },
    async healthy() {
      const [body = ''] = corpus.filter((raw) => raw.includes('"event":"message"')).map((raw) => asNow(raw, 'now'));
      const shot = sign(key, { label: 'healthy', method: 'POST', path, headers: common, body: Buffer.from(body) });
      const { status, body: text } = await send(shot, { url: world.applicationUrl, agent: createAgent(1), timeoutMs: 10_000 });
      return status === 202 ? undefined : `an ordinary message was answered ${status} ${text}`;
    },
  };
};

interface Maker {
  readonly corpus: readonly string[];
  readonly key: string;
}

const common: Headers = {
  'content-type': 'application/json',
  'user-agent': 'WAHA/2026.4.3',
  'x-webhook-request-id': '3b2ozl1mumwpor4jc',
};

function sign(key: string, shot: Shot): Shot {
  const hmac = createHmac('sha512', key).update(shot.body).digest('hex');
  return { ...shot, headers: { ...shot.headers, 'x-webhook-hmac': hmac, 'x-webhook-hmac-algorithm': 'sha512' } };
}

/** The same event as if it happened now. */
function asNow(raw: string, id: string): string {
  return raw
    .replace(/"timestamp":\d{13}/, `"timestamp":${Date.now()}`)
    .replace(/_([0-9A-Z]{14,})(?=["_])/g, `_$1${id.toUpperCase()}`);
}

/** The same event of somebody else, in a message of their own. */
function ofSomebody(random: Random, raw: string): string {
  const digits = String(random.below(people)).padStart(4, '0');
  const told = raw
    .replace(/12345678901\d{4}(?=@)/g, `12345678901${digits}`)
    .replace(/491511234\d{4}(?=@)/g, `491511234${digits}`);
  return random.chance(0.9) ? asNow(told, random.bytes(4).toString('hex')) : told;
}

const kinds = [
  ...['json', 'json', 'json', 'json', 'json', 'json', 'json', 'json', 'json', 'json', 'text', 'text', 'bytes', 'bytes'],
  ...['headers', 'headers', 'wrongly signed', 'wrongly signed', 'path', 'intact'],
] as const;

function make(random: Random, { corpus, key }: Maker): Shot {
  const raw = ofSomebody(random, random.pick(corpus));
  const label = random.chance(0.002) ? 'oversized' : random.pick(kinds);
  const signed = (body: Buffer | string) => sign(key, { label, method: 'POST', path, headers: common, body: Buffer.from(body) });
  switch (label) {
    case 'json':
      return signed(mutateJson(random, JSON.parse(raw)));
    case 'text':
      return signed(withText(random, raw));
    case 'bytes':
      return signed(mutateBytes(random, Buffer.from(raw)));
    case 'headers': {
      const shot = signed(raw);
      return { ...shot, headers: mutateHeaders(random, shot.headers) };
    }
    case 'wrongly signed':
      return wronglySigned(random, signed(raw));
    case 'path':
      return {
        ...signed(raw),
        method: random.pick(['POST', 'POST', 'GET', 'PUT', 'DELETE', 'OPTIONS']),
        path: mutatePath(random, path),
      };
    case 'oversized':
      return signed(raw.padEnd(oversizedBytes));
    default:
      return signed(raw);
  }
}

function withText(random: Random, raw: string): string {
  const envelope = JSON.parse(raw) as { payload?: { body?: unknown } };
  if (envelope.payload) envelope.payload.body = mutateText(random, String(envelope.payload.body));
  return JSON.stringify(envelope);
}

function wronglySigned(random: Random, shot: Shot): Shot {
  switch (random.below(4)) {
    case 0:
      return { ...shot, body: Buffer.concat([shot.body, Buffer.from(' ')]) };
    case 1:
      return sign('another key', shot);
    case 2:
      return { ...shot, headers: { ...shot.headers, 'x-webhook-hmac-version': '2' } };
    default:
      return {
        ...shot,
        headers: {
          ...shot.headers,
          'x-webhook-hmac': mutateText(random, 'a'.repeat(128))
            .replace(/[^\x20-\x7e]/g, '')
            .slice(0, 2_000),
        },
      };
  }
}

/** What WAHA acts on: 2xx with what became of it, 401 for what is wrongly signed and for nothing else. */
function judge(shot: Shot | RawShot, answer: Answer): string | undefined {
  const { status, body } = answer;
  if (typeof status === 'string') return status;
  // As the real host answers what is no route, and its server what is no request.
  if (shot.label === 'path' && status === 404 && body === '') return undefined;
  if (shot.label === 'path' && body.includes('Your Functions 4.0 App')) return undefined; // what is left of the path is `/`
  if (isRefusedByServer(answer) && (shot.label === 'headers' || shot.label === 'path')) return undefined;
  const told = parseJson(body);
  if (status === 401) {
    if (!['headers', 'wrongly signed'].includes(shot.label)) return 'a right signature was refused';
    return typeof memberOf(told, 'message') === 'string' ? undefined : '401 without a reason';
  }
  if (!isTold(status, told)) return `answered ${status}`;
  return shot.label === 'wrongly signed' ? 'a wrong signature was taken' : undefined;
}

/** Whether the answer says what became of the message, and where nothing did, why. */
function isTold(status: number, told: unknown): boolean {
  const outcome = memberOf(told, 'outcome');
  if (status === 202) return outcome === 'stored' || outcome === 'seen';
  return status === 200 && (outcome === 'status' || typeof memberOf(told, 'reason') === 'string');
}
