import { app } from '@azure/functions';
import { application } from './application.ts';

app.serviceBusQueue('wake-conversation', {
  queueName: 'bells',
  connection: 'SERVICE_BUS',
  handler: async (bell, context) => {
    const work = await application.wake();
    await work.wake(bell, {
      deliveryCount: context.triggerMetadata?.['deliveryCount'],
      properties: context.triggerMetadata?.['applicationProperties'],
      traceparent: context.traceContext?.traceParent,
    });
  },
});
