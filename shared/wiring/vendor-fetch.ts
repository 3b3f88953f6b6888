import { limitFetch } from '../adapters/limited-fetch.ts';
import type { Fetch } from '../adapters/request-json.ts';

// Of the 32 turns that a process works on at once (host.json), so many may wait for one vendor: the rest go on.
const slots = { openai: 28, msgraph: 16, waha: 16, entra: 8 } as const;
const waitMs = 2_000;

/** What this process reaches a vendor with: one set of slots for each, whoever asks. */
const fetches = new Map<string, Fetch>();

export function vendorFetch(vendor: keyof typeof slots): Fetch {
  const made =
    fetches.get(vendor) ?? limitFetch((...given) => globalThis.fetch(...given), { vendor, slots: slots[vendor], waitMs });
  fetches.set(vendor, made);
  return made;
}
