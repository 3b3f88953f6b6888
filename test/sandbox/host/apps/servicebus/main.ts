import { setTimeout as sleep } from 'node:timers/promises';
import { app } from '@azure/functions';
import { tell } from '../witness.ts';

/** What a message of the tests asks of its handler. */
interface Work {
  readonly name: string;
  readonly sleepMs?: number;
  readonly failures?: number;
}

app.serviceBusQueue<Work>('bells', {
  connection: 'Bus',
  queueName: '%BELLS%',
  handler: async (work, context) => {
    const delivery = Number(context.triggerMetadata?.['deliveryCount']);
    tell('started', [work.name, delivery]);
    await sleep(work.sleepMs ?? 0);
    if (delivery <= (work.failures ?? 0)) throw new Error(`${work.name} fails`);
    tell('ended', work.name);
  },
});
app.serviceBusQueue('traps', {
  connection: 'Bus',
  queueName: 'traps',
  handler: (body, context) =>
    tell('seen', { body, metadata: context.triggerMetadata, traceParent: context.traceContext?.traceParent }),
});
app.serviceBusQueue('bytes', {
  connection: 'Bus',
  queueName: 'bytes',
  dataType: 'binary',
  handler: (body) => tell('bytes', Buffer.isBuffer(body) ? body.toString('hex') : typeof body),
} as Parameters<typeof app.serviceBusQueue>[1]);
