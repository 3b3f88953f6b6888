import { app } from '@azure/functions';
import { application } from './application.ts';

// Anonymous: an access token of Entra authenticates, not a function key.
app.http('mcp', {
  methods: ['POST', 'GET', 'DELETE'],
  route: 'mcp',
  authLevel: 'anonymous',
  handler: async ({ url, method, headers, body }, { traceContext }) => {
    const mcp = await application.mcp();
    return mcp.serve(new Request(url, { method, headers: [...headers], body, duplex: 'half' }), traceContext?.traceParent);
  },
});

app.http('mcp-metadata', {
  methods: ['GET'],
  route: '.well-known/oauth-protected-resource/{*resource}',
  authLevel: 'anonymous',
  handler: async ({ params: { resource = '' } }) => (await application.mcp()).metadata(resource),
});
