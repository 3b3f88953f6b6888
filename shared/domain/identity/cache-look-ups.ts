import { within } from '../../core/abort.ts';
import { withTimeLimit } from '../../core/time-limit.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Messenger } from '../../ports/messenger.ts';

type LookUps = Pick<Messenger, 'lookUpIdentity'>;

// A number that is given to somebody else rests for weeks before: an hour is soon enough to see it.
const cachedForMs = 60 * 60_000;
const failedForMs = 60_000;
const maxCached = 10_000;

// Whoever waits gives up sooner; what comes afterwards is there for the next.
const longestLookUpMs = 5_000;

/**
 * Remembers for an hour what the bridge says of a phone, also that it knows no lid of it; for a minute that it said nothing.
 * Those who ask at once ask once. Of a lid it is asked anew: that is done at first contact alone.
 */
export function cacheLookUps(messenger: LookUps, clock: Clock): LookUps {
  const cache = new Map<string, { answer: Promise<string | undefined>; until: number }>();
  const ask = (known: { phone: string }) => {
    const answer = withTimeLimit([longestLookUpMs], (limited) => within(messenger.lookUpIdentity(known, limited), limited));
    const asked = { answer, until: clock.now() + cachedForMs };
    answer.catch(() => {
      asked.until = clock.now() + failedForMs;
    });
    cache.delete(known.phone);
    cache.set(known.phone, asked);
    const [oldest] = cache.keys();
    if (cache.size > maxCached && oldest !== undefined) cache.delete(oldest);
    return asked;
  };
  return {
    lookUpIdentity(known, signal) {
      if ('lid' in known) return messenger.lookUpIdentity(known, signal);
      const cached = cache.get(known.phone);
      return within((cached && cached.until > clock.now() ? cached : ask(known)).answer, signal);
    },
  };
}
