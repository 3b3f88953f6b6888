import { app } from '@azure/functions';
import { application } from './application.ts';

// Anonymous: the secret in the link opens it, and the code in the chat decides whom it links.
app.http('sign-in', {
  methods: ['GET', 'POST'],
  route: 'sign-in/{link}',
  authLevel: 'anonymous',
  handler: async ({ method, params: { link = '' }, headers }) => {
    const pages = await application.signIn();
    if (method === 'POST') return pages.confirm({ link, site: headers.get('sec-fetch-site') });
    return pages.show({ link, cookie: headers.get('cookie') });
  },
});

app.http('sign-in-callback', {
  methods: ['GET'],
  route: 'sign-in/callback',
  authLevel: 'anonymous',
  handler: async ({ query, headers }) =>
    (await application.signIn()).finish({ query: new URLSearchParams([...query]), cookie: headers.get('cookie') }),
});
