import { app } from '@azure/functions';
import { tell } from '../witness.ts';

app.storageQueue('documents', {
  connection: 'AzureWebJobsStorage',
  queueName: 'documents',
  handler: (body, context) => {
    const { dequeueCount, queueTrigger, id, insertionTime } = context.triggerMetadata ?? {};
    tell('document', { body, dequeueCount, queueTrigger, hasId: typeof id === 'string', insertionTime });
    if (JSON.stringify(body).includes('bad')) throw new Error('a bad document');
  },
});
