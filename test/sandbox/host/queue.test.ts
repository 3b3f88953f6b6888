import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, expect } from 'vitest';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { createStorage, type Storage } from '../../../sandbox/storage/storage.ts';
import { verifies } from '../../verifies.ts';
import { spawnHost, type HostProcess } from './start-host.ts';

const context = createSandboxContext();
let storage: Storage;
let host: HostProcess;
let service: QueueServiceClient;

beforeAll(async () => {
  storage = await createStorage(context);
  service = QueueServiceClient.fromConnectionString(storage.connectionString);
  host = await spawnHost({
    app: 'queues',
    environment: {
      AzureWebJobsStorage: storage.connectionString,
      AzureFunctionsJobHost__extensions__queues__maxPollingInterval: '00:00:00.1',
      AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '3',
    },
  });
  // After the host, which waits for its queue.
  await service.createQueue('documents');
});
afterAll(async () => {
  host.signal('SIGTERM');
  await host.exited;
  await storage.close();
  context.clock.stop();
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
const send = (text: string) => service.getQueueClient('documents').sendMessage(text);
const told = (fragment: string) => host.told('document').filter((seen) => JSON.stringify(seen).includes(fragment));
const left = async () => (await service.getQueueClient('documents').getProperties()).approximateMessagesCount;
const poisoned = async () => {
  const { peekedMessageItems } = await service.getQueueClient('documents-poison').peekMessages({ numberOfMessages: 32 });
  return peekedMessageItems.map(({ messageText }) => messageText);
};

verifies('host:queue-delete', 'what returns is deleted; text that looks like JSON becomes what it looks like', async () => {
  await send(base64('{"file":"good.docx"}'));

  await expect.poll(() => told('good.docx')).toHaveLength(1);
  await expect.poll(left).toBe(0);
  expect(told('good.docx')).toEqual([
    {
      body: { file: 'good.docx' },
      dequeueCount: 1,
      queueTrigger: { file: 'good.docx' },
      hasId: true,
      insertionTime: expect.stringMatching(/^\d{4}-.*\+00:00$/) as string,
    },
  ]);
});

verifies('host:queue-poison', 'after maxDequeueCount', async () => {
  await send(base64('bad.docx'));

  await expect.poll(poisoned, { timeout: 10_000 }).toContain(base64('bad.docx'));
  await expect.poll(left).toBe(0);
  expect(told('bad.docx')).toMatchObject([{ dequeueCount: 1 }, { dequeueCount: 2 }, { dequeueCount: 3 }]);
});

verifies('host:queue-poison', 'at once where the text is not base64', async () => {
  await send('plain text!');

  await expect.poll(poisoned, { timeout: 10_000 }).toContain('plain text!');
  expect(told('plain text!')).toEqual([]);
});
