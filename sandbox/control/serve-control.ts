import type { IncomingMessage, ServerResponse } from 'node:http';
import { addressOf } from '../kit/address.ts';
import { writeResponse } from '../kit/http.ts';
import { createControlApi } from './routes.ts';
import type { Control } from './control.ts';

const maxBodyBytes = 1024 * 1024;

/** Answers what is under /sandbox; who leaves before the answer aborts the request. */
export function serveControl(control: Control): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  const api = createControlApi(control);
  return async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    const body = await readBounded(incoming);
    if (body === undefined) {
      const message = `The body has more than ${maxBodyBytes} bytes.`;
      await writeResponse(outgoing, Response.json({ error: { message } }, { status: 413, headers: { connection: 'close' } }));
      return;
    }
    const method = incoming.method ?? 'GET';
    const request = new Request(addressOf(incoming), {
      method,
      signal: gone.signal,
      headers: { 'content-type': incoming.headers['content-type'] ?? '' },
      ...(body.length > 0 && method !== 'GET' && method !== 'HEAD' ? { body: new Uint8Array(body) } : {}),
    });
    await writeResponse(outgoing, await api.fetch(request, { incoming }));
  };
}

async function readBounded(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += (chunk as Buffer).length;
    if (bytes <= maxBodyBytes) chunks.push(chunk as Buffer);
    // Read on for a while: whoever is cut off while sending does not see the answer.
    if (bytes > 16 * maxBodyBytes) break;
  }
  return bytes > maxBodyBytes ? undefined : Buffer.concat(chunks);
}
