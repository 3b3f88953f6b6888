import { z } from 'zod';
import type { CatchUpMark } from '../../ports/catch-up-mark.ts';
import type { Cosmos } from './client.ts';
import { request } from './errors.ts';

const Document = z.object({ at: z.number() });

/** One document among the settings of the workspace. */
export function createCosmosCatchUpMark(cosmos: Cosmos, workspace: string): CatchUpMark {
  const container = cosmos.container('settings');
  const id = 'catch-up';
  return {
    async load() {
      const { resource } = await request('read settings', () => container.item(id, workspace).read<z.infer<typeof Document>>());
      return resource === undefined ? undefined : Document.parse(resource).at;
    },
    async save(at) {
      await request('save settings', () => container.items.upsert({ id, workspace, at }));
    },
  };
}
