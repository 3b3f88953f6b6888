import { ReadableStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import { app } from '@azure/functions';

app.setup({ enableHttpStream: true });

async function* ticks() {
  for (const tick of ['one', 'two', 'three']) {
    yield `data: ${tick}\n\n`;
    await sleep(150);
  }
}

async function* breaks() {
  yield 'begun';
  await sleep(20);
  throw new Error('in the middle');
}

app.http('ticks', {
  methods: ['GET'],
  handler: () => ({ headers: { 'content-type': 'text/event-stream' }, body: ReadableStream.from(ticks()) }),
});
app.http('breaks', { methods: ['GET'], handler: () => ({ body: ReadableStream.from(breaks()) }) });
app.http('throws', {
  methods: ['POST'],
  handler: () => {
    throw new Error('on purpose');
  },
});
app.http('echo', {
  methods: ['GET', 'POST'],
  route: 'echo/{name}',
  handler: async (request, context) => ({
    cookies: [{ name: 'a', value: 'b' }],
    jsonBody: {
      all: request.query.getAll('q'),
      params: request.params,
      url: request.url,
      principal: request.headers.get('x-ms-client-principal'),
      body: await request.text(),
      traceParent: context.traceContext?.traceParent,
    },
  }),
});
