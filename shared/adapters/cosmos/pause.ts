import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Pause, PauseChange, PauseState } from '../../ports/pause.ts';
import type { Cosmos } from './client.ts';
import { request, statusOf, toAppError } from './errors.ts';
import { abortedBy } from './select.ts';

const Line = z.object({
  key: z.string(),
  paused: z.boolean(),
  by: z.string().optional(),
  at: z.number(),
  /** False where it was so already. */
  changed: z.boolean(),
});
type Line = z.infer<typeof Line>;

/** How it stands, and what was asked of it, the newest last: a key in there is not asked again. */
const Document = z.object({
  paused: z.boolean(),
  by: z.string().optional(),
  at: z.number(),
  history: z.array(Line),
});
type Document = z.infer<typeof Document>;

const keptLines = 50;
const tries = 5;

export function createCosmosPause(cosmos: Cosmos, workspace: string): Pause {
  const container = cosmos.container('settings');
  const id = 'pause';
  const read = async (signal: AbortSignal | undefined) => {
    const response = await request('read settings', () => container.item(id, workspace).read<Document>(abortedBy(signal)));
    return response.resource && { document: Document.parse(response.resource), version: response.etag };
  };
  /** False where somebody else wrote since it was read. */
  const write = async (document: Document, version: string | undefined, signal: AbortSignal | undefined): Promise<boolean> => {
    const body = { id, workspace, ...document };
    try {
      if (version === undefined) await container.items.create(body, abortedBy(signal));
      else
        await container
          .item(id, workspace)
          .replace(body, { accessCondition: { type: 'IfMatch', condition: version }, ...abortedBy(signal) });
      return true;
    } catch (error) {
      if ([404, 409, 412].includes(statusOf(error) ?? 0)) return false;
      throw toAppError(error, 'save settings');
    }
  };
  return {
    load: async (signal) => toState((await read(signal))?.document),
    async change(change, signal) {
      for (let attempt = 1; attempt <= tries; attempt += 1) {
        const stored = await read(signal);
        const earlier = stored?.document.history.find(({ key }) => key === change.key);
        if (earlier) return { state: toState(stored?.document), changed: earlier.changed };
        const changed = (stored?.document.paused ?? false) !== change.paused;
        const next = after(stored?.document, change, changed);
        if (await write(next, stored?.version, signal)) return { state: toState(next), changed };
      }
      throw new AppError('upstream', 'cosmos refused a setting that many change at once', { vendor: 'cosmos' });
    },
  };
}

function after(stored: Document | undefined, { paused, by, at, key }: PauseChange, changed: boolean): Document {
  const who = by === undefined ? {} : { by };
  const history = [...(stored?.history ?? []), { key, paused, ...who, at, changed }].slice(-keptLines);
  return stored && !changed ? { ...stored, history } : { paused, ...who, at, history };
}

function toState(document: Document | undefined): PauseState {
  return { paused: document?.paused ?? false, by: document?.by, at: document?.at };
}
