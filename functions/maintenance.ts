import { app } from '@azure/functions';
import { application } from './application.ts';

app.timer('maintenance', {
  schedule: '0 15 3 * * *', // UTC
  handler: async () => (await application.wake()).maintain(),
});
