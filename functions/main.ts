import { app } from '@azure/functions';
import { application } from './application.ts';
import './catch-up.ts';
import './health.ts';
import './maintenance.ts';
import './ring-overdue.ts';
import './sign-in.ts';
import './wake-conversation.ts';
import './whatsapp-webhook.ts';

// A wrong setting fails the start, not the first message.
app.hook.appStart(() => application.start());
app.hook.appTerminate(() => application.close());
