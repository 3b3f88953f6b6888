import type { VendorName } from './faults.ts';

/** One request a stand-in was sent and what it answered: the second source of the chat page and of the witnesses. */
export interface JournalEntry {
  readonly vendor: VendorName;
  /** Sandbox time, ISO 8601. */
  readonly at: string;
  /** HTTP method; for Service Bus `SEND`, `RECEIVE`, `COMPLETE`, `ABANDON`, `DEAD-LETTER`, `SCHEDULE`, `RENEW-LOCK`. */
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The request body as text, cut at `maxBodyChars`. */
  readonly body: string;
  readonly status: number;
  readonly response: string;
  readonly durationMs: number;
}

export interface Journal {
  record(entry: JournalEntry): void;
  /** The entries kept, oldest first. */
  entries(vendor?: VendorName): JournalEntry[];
  /** Calls `listener` for each entry from now on. */
  listen(listener: (entry: JournalEntry) => void): () => void;
}

const maxBodyChars = 64 * 1024;
const maxEntriesPerVendor = 2_000;

export function createJournal(): Journal {
  const byVendor = new Map<VendorName, JournalEntry[]>();
  const listeners = new Set<(entry: JournalEntry) => void>();
  return {
    record(entry) {
      const kept = { ...entry, body: entry.body.slice(0, maxBodyChars), response: entry.response.slice(0, maxBodyChars) };
      const entries = byVendor.get(entry.vendor) ?? [];
      byVendor.set(entry.vendor, entries);
      entries.push(kept);
      if (entries.length > maxEntriesPerVendor) entries.splice(0, entries.length - maxEntriesPerVendor);
      for (const listener of listeners) listener(kept);
    },
    entries: (vendor) =>
      vendor ? [...(byVendor.get(vendor) ?? [])] : [...byVendor.values()].flat().sort((a, b) => a.at.localeCompare(b.at)),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
