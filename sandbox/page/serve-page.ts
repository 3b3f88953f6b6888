import type { IncomingMessage, ServerResponse } from 'node:http';
import { addressOf } from '../kit/address.ts';
import { writeResponse } from '../kit/http.ts';
import { createPage, type PageParts } from './page.ts';

/** The page for Node's server: `/`, `/page/…` and `/wa.me/…`; it only reads, so bodies are not looked at. */
export function servePage(parts: PageParts): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  const page = createPage(parts);
  return async (incoming, outgoing) => {
    const { method = 'GET', headers } = incoming;
    const etag = headers['if-none-match'];
    const request = new Request(addressOf(incoming), {
      method,
      headers: etag === undefined ? {} : { 'if-none-match': etag },
    });
    await writeResponse(outgoing, await page.fetch(request));
  };
}
