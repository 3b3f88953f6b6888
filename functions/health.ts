import { app } from '@azure/functions';
import { application } from './application.ts';

app.http('health', {
  methods: ['GET'],
  route: 'health',
  authLevel: 'anonymous',
  handler: async () => (await application.health()).health(),
});

app.http('ready', {
  methods: ['GET'],
  route: 'ready',
  authLevel: 'anonymous',
  handler: async () => (await application.health()).ready(),
});
