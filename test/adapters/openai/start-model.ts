import type { z } from 'zod';
import { createOpenaiModel } from '../../../shared/adapters/openai/model.ts';
import type { ModelRequest } from '../../../shared/ports/model.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import { startOpenai } from '../../sandbox/openai/support.ts';

export const request: ModelRequest = {
  instructions: 'Now: 2026-11-21T09:30:00+00:00 (Saturday)\nTime zone: Europe/Lisbon',
  items: [{ kind: 'user', text: 'Hello' }],
  tools: [],
  maxOutputTokens: 200,
};
export const said = (text: string) => ({ output: [{ type: 'message', content: text }] });

/** The adapter on the stand-in, with a second model to fall back on. */
export async function start(options: { fallbackModel?: string | undefined; timeoutMs?: number } = {}) {
  const { context, openai, baseURL } = await startOpenai({ models: ['first', 'second'] });
  const model = createOpenaiModel({
    fetch: globalThis.fetch,
    apiKey: 'test-key',
    baseUrl: baseURL,
    model: 'first',
    fallbackModel: 'second',
    timeoutMs: 2_000,
    ...options,
  });
  const fail = (fault: Omit<z.input<typeof Fault>, 'vendor'>) => context.faults.add({ vendor: 'openai', ...fault });
  const asked = () => context.journal.entries('openai').map(({ body }) => (JSON.parse(body) as { model: string }).model);
  return { context, openai, model, fail, asked };
}
