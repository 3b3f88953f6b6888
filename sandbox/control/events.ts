import { Hono } from 'hono';
import type { Waha, WahaChange } from '../waha/waha.ts';
import type { Control, ControlEnv } from './control.ts';
import { shown } from './people.ts';

const heartbeatMs = 15_000;
// Whoever reads no longer is let go before what waits for them fills the memory.
const maxWaiting = 10_000;

/** Server-sent events with all that is new: `message`, `typing`, `span`, `request`. */
export function eventRoutes(control: Control): Hono<ControlEnv> {
  const app = new Hono<ControlEnv>();
  app.get('/events', (c) => {
    const { signal } = c.req.raw;
    const stream = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          const encoder = new TextEncoder();
          const write = (text: string) => {
            if ((controller.desiredSize ?? 0) < -maxWaiting) end();
            else controller.enqueue(encoder.encode(text));
          };
          const stop = listen(control, (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
          const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs);
          const end = () => {
            stop();
            clearInterval(heartbeat);
            signal.removeEventListener('abort', end);
            controller.close();
          };
          signal.addEventListener('abort', end);
          write(': welcome\n\n');
        },
      },
      new CountQueuingStrategy({ highWaterMark: 1 }),
    );
    return c.body(stream, 200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  });
  return app;
}

function listen(control: Control, send: (event: string, data: unknown) => void): () => void {
  const { context, standIns } = control;
  const { waha, otlp } = standIns;
  const stops = [
    context.journal.listen((entry) => {
      if (entry.vendor !== 'otlp') send('request', entry);
    }),
    waha?.listen((change) => {
      if (change.kind === 'typing') send('typing', { phone: change.phone, typing: change.typing });
      else send('message', messageOf(control, waha, change));
    }),
    otlp?.listen((span) => send('span', span)),
  ];
  return () => stops.forEach((stop) => stop?.());
}

function messageOf({ people }: Control, waha: Waha, { kind, phone, id }: Exclude<WahaChange, { kind: 'typing' }>) {
  // A chat with somebody outside the seed is on no phone that is shown.
  const chat = people.some((person) => person.phone === phone) ? waha.chat(phone) : [];
  const message = chat.find((candidate) => candidate.id === id);
  return { kind, phone, id, message: message ? shown(message) : null };
}
