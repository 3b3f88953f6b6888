import { within } from '../../core/abort.ts';
import { withTimeLimit } from '../../core/time-limit.ts';
import type { Ports } from '../../ports/index.ts';
import type { Messenger } from '../../ports/messenger.ts';
import type { BlindIndexes } from './blind-indexes.ts';

interface Asked {
  readonly answer: Promise<string | undefined>;
  /** The lid that the number was known to go with when the bridge was asked, and that the bridge told. */
  readonly held: string | undefined;
  found: string | undefined;
  until: number;
}

// A number that is given to somebody else rests for weeks before: an hour is soon enough to see it.
const cachedForMs = 60 * 60_000;
const failedForMs = 60_000;
const maxCached = 10_000;

// Whoever waits gives up sooner; what comes afterwards is there for the next.
const longestLookUpMs = 5_000;

/**
 * Remembers for an hour what the bridge says of a phone, also that it knows no lid of it; for a minute that it said nothing;
 * and no longer than the number goes with the same lid, for what an envelope tells is newer. Those who ask at once ask once.
 * Of a lid it is asked anew: that is done at first contact alone.
 */
export function cacheLookUps(
  { messenger, identities, clock }: Pick<Ports, 'identities' | 'clock'> & { messenger: Pick<Messenger, 'lookUpIdentity'> },
  indexes: BlindIndexes,
): Pick<Messenger, 'lookUpIdentity'> {
  const cache = new Map<string, Asked>();
  const ask = (known: { phone: string }, held: string | undefined): Asked => {
    const answer = withTimeLimit([longestLookUpMs], (limited) => within(messenger.lookUpIdentity(known, limited), limited));
    const asked: Asked = { answer, held, found: undefined, until: clock.now() + cachedForMs };
    answer.then(
      (lid) => {
        asked.found = lid === undefined ? undefined : indexes.lid(lid);
      },
      () => {
        asked.until = clock.now() + failedForMs;
      },
    );
    const id = indexes.phone(known.phone);
    cache.delete(id);
    cache.set(id, asked);
    const [oldest] = cache.keys();
    if (cache.size > maxCached && oldest !== undefined) cache.delete(oldest);
    return asked;
  };
  return {
    async lookUpIdentity(known, signal) {
      if ('lid' in known) return messenger.lookUpIdentity(known, signal);
      const id = indexes.phone(known.phone);
      const held = (await identities.load(id, signal))?.pair;
      const cached = cache.get(id);
      const isGood = cached && cached.until > clock.now() && [cached.held, cached.found].includes(held);
      return within((isGood ? cached : ask(known, held)).answer, signal);
    },
  };
}
