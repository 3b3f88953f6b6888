import { app, type HttpRequest, type InvocationContext } from '@azure/functions';

/** What a handler saw of its request. */
async function seen(request: HttpRequest, context: InvocationContext) {
  return {
    jsonBody: {
      function: context.functionName,
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      params: request.params,
      query: [...request.query],
      all: request.query.getAll('q'),
      body: Buffer.from(await request.arrayBuffer()).toString('hex'),
      hasMetadata: context.triggerMetadata !== undefined,
      traceParent: context.traceContext?.traceParent,
    },
  };
}

app.http('echo', { methods: ['GET', 'POST', 'PUT', 'HEAD'], handler: seen });
app.http('item', { methods: ['GET'], route: 'items/{id:int}', handler: seen });
app.http('named', { methods: ['GET'], route: 'items/{name:alpha:maxlength(5)}', handler: seen });
app.http('newest', { methods: ['GET'], route: 'items/newest', handler: seen });
app.http('optional', { methods: ['GET'], route: 'optional/{category}/{page:range(1,9)?}', handler: seen });
app.http('defaults', { methods: ['GET'], route: 'defaults/{page:int=1}', handler: seen });
app.http('file', { methods: ['GET'], route: 'files/{name}.{extension}', handler: seen });
app.http('rest', { methods: ['GET'], route: 'rest/{*path}', handler: seen });
app.http('keyed', { methods: ['GET'], authLevel: 'function', handler: seen });
app.http('disabled', { methods: ['GET'], handler: seen });

app.http('nothing', { methods: ['GET'], handler: () => undefined as unknown as object });
app.http('throws', {
  methods: ['GET'],
  handler: () => {
    throw new Error('on purpose');
  },
});
app.http('bytes', {
  methods: ['GET'],
  handler: () => ({ status: 201, headers: { 'content-type': 'image/png', 'x-one': '1' }, body: Buffer.from([0, 255, 10]) }),
});
app.http('cookies', {
  methods: ['GET'],
  handler: () => ({
    cookies: [
      { name: 'plain', value: 'a b' },
      {
        name: 'all',
        value: '1',
        path: '/api',
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
        maxAge: 60,
        expires: 1_800_000_000_000,
      },
    ],
  }),
});
