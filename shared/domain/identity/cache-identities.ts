import type { Clock } from '../../ports/clock.ts';
import type { Identities, IdentityDocument } from '../../ports/people.ts';

const cachedForMs = 60_000;
const maxCached = 10_000;

/** Remembers found identities for a minute: for the webhook, which asks for the same few again and again. */
export function cacheIdentities(identities: Identities, clock: Clock): Identities {
  const cache = new Map<string, { identity: IdentityDocument; until: number }>();
  const keep = (identity: IdentityDocument) => {
    cache.delete(identity.id);
    cache.set(identity.id, { identity, until: clock.now() + cachedForMs });
    const [oldest] = cache.keys();
    if (cache.size > maxCached && oldest !== undefined) cache.delete(oldest);
    return identity;
  };
  return {
    async load(id, signal) {
      const cached = cache.get(id);
      if (cached && cached.until > clock.now()) return cached.identity;
      const found = await identities.load(id, signal);
      return found && keep(found);
    },
    // What claims a message is asked for once: it is not worth a place.
    claim: async (identity, signal) => {
      const stored = await identities.claim(identity, signal);
      return stored.kind === 'claim' ? stored : keep(stored);
    },
    // Whoever asks for it is about to write: never from here, and the newest that we know.
    async loadCurrent(id, signal) {
      const current = await identities.loadCurrent(id, signal);
      if (current) keep(current.document);
      return current;
    },
    update: (id, set, signal) => identities.update(id, set, signal).finally(() => cache.delete(id)),
    change: (current, set, signal) => identities.change(current, set, signal).finally(() => cache.delete(current.document.id)),
  };
}
