import type { z } from 'zod';
import type { Fault } from '../sandbox/kit/faults.ts';
import type { Random } from '../sandbox/kit/random.ts';
import { turnSteps } from './steps.ts';
import type { Typing } from './world.ts';

/** What goes wrong right before a message is typed, or on that message's way. */
export interface Mischief {
  readonly family: Family;
  /** For the report: which step, or what. */
  readonly what: string;
  readonly fault?: z.input<typeof Fault>;
  readonly typing?: Typing;
  /** The WhatsApp session is lost for that long. */
  readonly sessionAwayMs?: number;
}

type Given = Omit<Mischief, 'family'>;

const fault = (what: string, given: z.input<typeof Fault>): Given => ({ what, fault: given });
/** A batch under a lease, and how Cosmos says that its condition did not hold. */
export const fenced = { method: 'POST', path: '/colls/conversations/docs', bodyMatches: '"path":"/batch"' };
export const lostLease = {
  effect: 'answer',
  status: 207,
  body: [412, 424].map((statusCode) => ({ statusCode, requestCharge: 1 })),
} as const;

const conversations = { path: '/colls/conversations/docs' };
const write = (status: number, effect: 'answer' | 'answer-after-doing' = 'answer') =>
  fault(`cosmos answers ${status}${effect === 'answer' ? '' : ' after doing'}`, {
    ...{ vendor: 'cosmos', effect, status, match: { method: 'POST', ...conversations } },
  });

const strike = (effect: 'kill' | 'freeze', random: Random): Given => {
  const { name, vendor, match } = random.pick(turnSteps);
  const side = random.pick(['before', 'after'] as const);
  const freezeMs = effect === 'freeze' ? 6_000 + random.below(6_000) : undefined;
  return fault(`${effect} ${side} ${name}`, { vendor, match, effect: `${effect}-${side}`, ...(freezeMs && { freezeMs }) });
};

const sendText = { method: 'POST', path: '/api/sendText' };
const webhook = { method: 'WEBHOOK', path: 'message' };

/** What can go wrong, by who causes it; each pick is another. */
export const families = {
  kills: (random) => strike('kill', random),
  freezes: (random) => strike('freeze', random),
  waha: (random) =>
    random.pick<Given>([
      { what: 'twice', typing: { duplicate: true } },
      { what: 'as lid and phone', typing: { twins: true } },
      { what: 'held back for a while', typing: { holdMs: 1_500 } },
      { what: 'never delivered', typing: { deliver: false } },
      fault('the webhook twice', { vendor: 'waha', match: webhook, effect: 'duplicate' }),
      fault('the webhook late', { vendor: 'waha', match: webhook, effect: 'delay', delayMs: 800 }),
      fault('the webhook cut off after our answer', { vendor: 'waha', match: webhook, effect: 'answer-after-doing' }),
      fault('a send refused', { vendor: 'waha', match: sendText, effect: 'answer', status: random.pick([500, 502, 422]) }),
      fault('a send timed out after it was sent', { vendor: 'waha', match: sendText, effect: 'answer-after-doing' }),
      fault('a send failed after it was sent', { vendor: 'waha', match: sendText, effect: 'answer-after-doing', status: 500 }),
      fault('a send without an answer', { vendor: 'waha', match: sendText, effect: 'hang', delayMs: 4_000 }),
      { what: 'the session away', sessionAwayMs: 2_000 },
    ]),
  broker: (random) =>
    random.pick<Given>([
      fault('a bell lost', { vendor: 'servicebus', match: { method: 'SEND' }, effect: 'answer', status: 200 }),
      fault('a bell twice', { vendor: 'servicebus', match: { method: 'SEND' }, effect: 'duplicate' }),
      fault('a bell refused', { vendor: 'servicebus', match: { method: 'SEND' }, effect: 'answer', status: 503 }),
      fault('a lock lost', { vendor: 'servicebus', match: { method: 'RECEIVE' }, effect: 'lose-lock' }),
      fault('a connection cut', { vendor: 'servicebus', match: { method: 'RECEIVE' }, effect: 'drop' }),
      fault('a completion lost', { vendor: 'servicebus', match: { method: 'COMPLETE' }, effect: 'drop' }),
    ]),
  cosmos: (random) =>
    random.pick<Given>([
      ...[429, 449, 503].map((status) => write(status)),
      fault('a lease said to be lost', { vendor: 'cosmos', match: fenced, ...lostLease }),
      write(503, 'answer-after-doing'),
      fault('cosmos cut off after doing', {
        ...{ vendor: 'cosmos', effect: 'answer-after-doing', match: { method: 'POST', ...conversations } },
      }),
      fault('cosmos silent', { vendor: 'cosmos', effect: 'hang', delayMs: 4_000, match: conversations }),
      fault('the lease answered 429', {
        ...{ vendor: 'cosmos', effect: 'answer', status: 429, times: 6, match: { method: 'PATCH', path: '/docs/lease' } },
      }),
    ]),
  postgres: (random) =>
    random.pick<Given>([
      fault('a connection cut in a transaction', { vendor: 'postgres', match: { method: 'INSERT' }, effect: 'drop' }),
      fault('a commit without an answer', { vendor: 'postgres', match: { method: 'COMMIT' }, effect: 'answer-after-doing' }),
      fault('no connection', { vendor: 'postgres', match: { method: 'SELECT' }, effect: 'answer' }),
      fault('a slow query', { vendor: 'postgres', match: { method: 'SELECT' }, effect: 'delay', delayMs: 700 }),
    ]),
  msgraph: (random) =>
    random.pick<Given>([
      fault('graph asks to wait', { vendor: 'msgraph', effect: 'answer', status: 429, retryAfterSeconds: 1 }),
      fault('graph unavailable', { vendor: 'msgraph', effect: 'answer', status: 503 }),
      fault('graph times out after doing', {
        ...{ vendor: 'msgraph', match: { method: 'POST', path: '/events' }, effect: 'answer-after-doing', status: 504 },
      }),
      fault('graph cut off after doing', {
        ...{ vendor: 'msgraph', match: { method: 'POST', path: '/events' }, effect: 'answer-after-doing' },
      }),
      fault('graph late', { vendor: 'msgraph', match: { method: 'POST', path: '/events' }, effect: 'delay', delayMs: 3_500 }),
    ]),
  model: (random) =>
    random.pick<Given>([
      fault('the model slow', { vendor: 'openai', effect: 'delay', delayMs: 2_500 }),
      fault('the model cut off', { vendor: 'openai', effect: 'answer-after-doing' }),
      fault('the model answers something else', { vendor: 'openai', effect: 'answer', status: 200, body: {} }),
      fault('the model overloaded', { vendor: 'openai', effect: 'answer', status: 503, times: 2 }),
      fault('the model limited', { vendor: 'openai', effect: 'answer', status: 429, retryAfterSeconds: 1 }),
      fault('the model silent', { vendor: 'openai', effect: 'hang', delayMs: 6_000 }),
    ]),
} as const satisfies Record<string, (random: Random) => Given>;
export type Family = keyof typeof families;
export const familyNames = Object.keys(families) as Family[];

// Before one message in so many; what stops the whole application is rarer.
const oneIn: Readonly<Record<Family, number>> = {
  ...{ kills: 80, freezes: 300, waha: 15, broker: 15, cosmos: 15, postgres: 20, msgraph: 20, model: 20 },
};

/** What goes wrong before which message: fixed by the seed. */
export function planMischief(
  random: Random,
  { messages, only }: { messages: number; only?: Family | undefined },
): ReadonlyMap<number, readonly Mischief[]> {
  const plan = new Map<number, Mischief[]>();
  for (let number = 0; number < messages; number += 1) {
    const chosen = familyNames.filter((family) => {
      const isChosen = random.chance(1 / oneIn[family]);
      return isChosen && (only === undefined || only === family);
    });
    const given = chosen.map((family): Mischief => ({ family, ...families[family](random) }));
    if (given.length > 0) plan.set(number, given);
  }
  return plan;
}
