import { app } from '@azure/functions';
import { application } from './application.ts';

app.timer('ring-overdue', {
  schedule: '0 * * * * *',
  handler: async () => (await application.webhook()).ringOverdue(),
});
