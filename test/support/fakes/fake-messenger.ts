import { z } from 'zod';
import type { Messenger, OutgoingText } from '../../../shared/ports/messenger.ts';

/** How a send goes: done, not done and answered so, or done although the answer is an error. */
export type SendOutcome = { readonly fails: Error; readonly done: boolean };

export interface FakeMessenger extends Messenger {
  /** What the network shows, in the order it was shown; WhatsApp folds nothing, so a repeat stands here twice. */
  readonly shown: OutgoingText[];
  /** Every look-up that was asked for, by id. */
  readonly lookedUp: string[];
  /** `typing`, `stopped`, `read`, by chat. */
  readonly signs: string[];
  /** How the next sends go, one each; then all is well. */
  nextSends(...outcomes: readonly (SendOutcome | undefined)[]): void;
  /** What look-ups of messages answer instead; undefined: as it is. */
  failLookUps(error: Error | undefined): void;
  /** The other names that the bridge knows: lid digits to phone. */
  readonly pairs: Map<string, string>;
  /** What `listIncoming` answers. */
  readonly incoming: unknown[];
}

export function createFakeMessenger(): FakeMessenger {
  const [shown, lookedUp, signs, incoming]: [OutgoingText[], string[], string[], unknown[]] = [[], [], [], []];
  const outcomes: (SendOutcome | undefined)[] = [];
  const pairs = new Map<string, string>();
  let lookUpFailure: Error | undefined;
  return {
    shown,
    lookedUp,
    signs,
    incoming,
    pairs,
    nextSends: (...next) => void outcomes.push(...next),
    failLookUps(error) {
      lookUpFailure = error;
    },
    sendText(message) {
      const outcome = outcomes.shift();
      if (!outcome || outcome.done) shown.push(message);
      return outcome ? Promise.reject(outcome.fails) : Promise.resolve();
    },
    hasMessage(_chatId, id) {
      lookedUp.push(id);
      return lookUpFailure ? Promise.reject(lookUpFailure) : Promise.resolve(shown.some((message) => message.id === id));
    },
    setTyping: (chatId, typing) => Promise.resolve(void signs.push(`${typing ? 'typing' : 'stopped'} ${chatId}`)),
    markRead: (chatId) => Promise.resolve(void signs.push(`read ${chatId}`)),
    lookUpIdentity(known) {
      if ('lid' in known) return Promise.resolve(pairs.get(known.lid));
      return Promise.resolve([...pairs].find(([, phone]) => phone === known.phone)?.[0]);
    },
    listIncoming({ sinceMs, untilMs, limit, offset }) {
      const found = incoming.filter((payload) => isWithin(payload, { sinceMs, untilMs }));
      const end = Math.max(0, found.length - offset);
      return Promise.resolve(found.slice(Math.max(0, end - limit), end));
    },
    status: () => Promise.resolve({ version: '2026.8.2', engine: 'GOWS', state: 'WORKING', keepsIds: true }),
  };
}

/** What says no time, says it at any. */
function isWithin(payload: unknown, { sinceMs, untilMs }: { sinceMs: number; untilMs: number }): boolean {
  const { data } = z.object({ timestamp: z.number() }).safeParse(payload);
  return !data || (data.timestamp >= Math.floor(sinceMs / 1_000) && data.timestamp <= Math.ceil(untilMs / 1_000));
}
