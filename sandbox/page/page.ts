import { Hono } from 'hono';
import { join } from 'node:path';
import type { FetchHandler } from '../kit/http.ts';
import type { Journal } from '../kit/journal.ts';
import type { OtlpCollector } from '../otlp/collector.ts';
import type { Waha } from '../waha/waha.ts';
import { createStaticFiles } from './static-files.ts';
import { tellStory } from './story/story.ts';

export interface PageParts {
  readonly journal: Pick<Journal, 'entries'>;
  /** Undefined where spans go elsewhere: then the story holds what the stand-ins were sent under the trace of a send. */
  readonly collector: Pick<OtlpCollector, 'spans'> | undefined;
  /** Undefined where WAHA is a real one. */
  readonly waha: Pick<Waha, 'deliveries'> | undefined;
}

/**
 * The chat page: `/` and its files under `/page/`, the story of a message at `/page/stories/{id}`, and at `/wa.me/{digits}`
 * where WhatsApp's own links lead in the sandbox. Everything else is 404.
 */
export function createPage({ collector, journal, waha }: PageParts): { readonly fetch: FetchHandler } {
  const file = createStaticFiles(join(import.meta.dirname, 'public'));
  const app = new Hono();

  app.get('/', (c) => file('index.html', c.req.raw) ?? c.notFound());
  app.get('/page/:name', (c) => file(c.req.param('name'), c.req.raw) ?? c.notFound());
  app.get('/page/stories/:id', (c) => {
    const sources = { spans: collector?.spans() ?? [], entries: journal.entries(), deliveries: waha?.deliveries() ?? [] };
    return c.json(tellStory(c.req.param('id'), sources));
  });
  // As on a phone: the chat opens with the text written but not sent.
  app.get('/wa.me/:digits{[0-9]+}', (c) => {
    const text = c.req.query('text') ?? '';
    return c.redirect(text === '' ? '/' : `/?${new URLSearchParams({ text }).toString()}`, 302);
  });
  app.notFound((c) => c.json({ error: { message: `There is no ${c.req.method} ${c.req.path} here.` } }, 404));

  return { fetch: app.fetch };
}
