import { app } from '@azure/functions';
import { application } from './application.ts';

app.timer('catch-up', {
  schedule: '30 */5 * * * *',
  handler: async () => (await application.webhook()).catchUp(),
});
