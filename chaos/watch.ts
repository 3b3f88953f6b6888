import type { Sandbox } from '../sandbox/run/sandbox.ts';
import type { JournalEntry } from '../sandbox/kit/journal.ts';
import { tagPattern } from './messages.ts';
import { isMetadata, stepOf } from './steps.ts';

/** What is seen from outside while the world turns: it decides nothing, the judge reads the end alone. */
export interface Watch {
  /** Whether a reply with this tag was sent. */
  isAnswered(tag: string): boolean;
  /** How many boasts were put right in this chat. */
  boastsAnswered(lid: string): number;
  /** When anything was last asked of a vendor, by the machine's clock. */
  lastAskedAt(): number;
  /** How often each named step was seen. */
  readonly seen: ReadonlyMap<string, number>;
  /** Requests that belong to no named step, each once. */
  readonly unnamed: ReadonlySet<string>;
  stop(): void;
}

const boastAnswered = 'I have not done that.';

export function watch({ context, waha }: Sandbox): Watch {
  const answered = new Set<string>();
  const boasts = new Map<string, number>();
  const boastIds = new Set<string>();
  const seen = new Map<string, number>();
  const unnamed = new Set<string>();
  let lastAskedAt = performance.now();

  const stops = [
    waha.listen((change) => {
      if (change.kind === 'typing') return;
      if (change.kind === 'message') lastAskedAt = performance.now();
    }),
    context.journal.listen((entry) => {
      if (isMetadata(entry)) return;
      lastAskedAt = performance.now();
      const step = stepOf(entry);
      if (step) seen.set(step.name, (seen.get(step.name) ?? 0) + 1);
      else unnamed.add(describe(entry));
      if (entry.vendor !== 'waha' || entry.path !== '/api/sendText') return;
      for (const tag of entry.body.match(tagPattern) ?? []) answered.add(tag);
      const { chatId, text, id } = JSON.parse(entry.body) as { chatId: string; text: string; id: string };
      if (!text.startsWith(boastAnswered) || boastIds.has(id)) return;
      boastIds.add(id);
      boasts.set(chatId, (boasts.get(chatId) ?? 0) + 1);
    }),
  ];
  return {
    isAnswered: (tag) => answered.has(tag),
    boastsAnswered: (lid) => boasts.get(`${lid}@lid`) ?? 0,
    lastAskedAt: () => lastAskedAt,
    ...{ seen, unnamed },
    stop: () => stops.forEach((stop) => stop()),
  };
}

/** The request that nobody has named; or the mishap of a stand-in, which has no body and tells what happened as its answer. */
function describe({ vendor, method, path, body, response }: JournalEntry): string {
  const said = body === '' ? response : body.replaceAll(/"sealed":"[^"]*"/g, '');
  return `${vendor} ${method} ${path} ${said.slice(0, 1_500)}`;
}
