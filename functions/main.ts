import { app } from '@azure/functions';
import { application } from './application.ts';
import './catch-up.ts';
import './health.ts';
import './maintenance.ts';
import './mcp.ts';
import './ring-overdue.ts';
import './sign-in.ts';
import './wake-conversation.ts';
import './whatsapp-webhook.ts';

// A wrong setting fails the start, not the first message.
app.hook.appStart(() => {
  const { exportsLogs } = application.start();
  // The host then leaves the worker's lines to the worker, or they would be exported twice.
  if (exportsLogs) app.setup({ capabilities: { WorkerOpenTelemetryEnabled: true } });
});
app.hook.preInvocation(() => application.begun());
app.hook.postInvocation(({ error, invocationContext }) => application.ended(invocationContext.functionName, error));
app.hook.appTerminate(() => application.close());
