import { BlobServiceClient, type RestError } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { createStorage, type Storage } from '../../../sandbox/storage/storage.ts';
import { verifies } from '../../verifies.ts';

const context = createSandboxContext();
let storage: Storage;

beforeAll(async () => {
  storage = await createStorage(context);
});
afterAll(() => storage.close());

async function createContainer(name: string) {
  const container = BlobServiceClient.fromConnectionString(storage.connectionString).getContainerClient(name);
  await container.create();
  return container;
}

async function createQueue(name: string) {
  const queue = QueueServiceClient.fromConnectionString(storage.connectionString).getQueueClient(name);
  await queue.create();
  return queue;
}

const statusOf = (error: unknown) => (error as RestError).statusCode;

verifies('storage:queue-and-blob', 'blobs are stored, listed, and guarded by their ETags', async () => {
  const container = await createContainer('documents');
  const blob = container.getBlockBlobClient('reports/März 2026.txt');
  const content = Buffer.from('Grüße, '.repeat(10_000));

  const { etag } = await blob.upload(content, content.length);
  const read = await blob.downloadToBuffer();
  const again = await blob.upload('x', 1, { conditions: { ifNoneMatch: '*' } }).catch(statusOf);
  await blob.upload('newer', 5, { conditions: { ifMatch: etag ?? '' } });
  const stale = await blob.upload('older', 5, { conditions: { ifMatch: etag ?? '' } }).catch(statusOf);
  const names = [];
  for await (const { name } of container.listBlobsFlat({ prefix: 'reports/' })) names.push(name);

  expect(read.equals(content)).toBe(true);
  expect([again, stale, names]).toEqual([409, 412, ['reports/März 2026.txt']]);
  expect((await blob.getProperties()).contentLength).toBe(5);
});

verifies('storage:queue-and-blob', 'a message is hidden while it is worked on, counted, and gone when deleted', async () => {
  const queue = await createQueue('ingest-document');
  await queue.sendMessage('{"file":1}');

  const receive = async () => (await queue.receiveMessages({ visibilityTimeout: 1 })).receivedMessageItems;
  const [first] = await receive();
  const meanwhile = await receive();
  let again = await receive();
  for (; again.length === 0; again = await receive()) await sleep(100);
  for (const { messageId, popReceipt } of again) await queue.deleteMessage(messageId, popReceipt);
  const properties = await queue.getProperties();

  expect(first).toMatchObject({ messageText: '{"file":1}', dequeueCount: 1 });
  expect(meanwhile).toEqual([]);
  expect(again).toMatchObject([{ messageText: '{"file":1}', dequeueCount: 2 }]);
  expect(properties.approximateMessagesCount).toBe(0);
});

verifies('storage:queue-and-blob', 'a request with a wrong signature is refused', async () => {
  const forged = storage.connectionString.replace('Eby8', 'AAAA');

  const refused = await BlobServiceClient.fromConnectionString(forged).getProperties().catch(statusOf);

  expect(refused).toBe(403);
});

verifies('storage:faults', 'a fault answers in its place and the SDK repeats; both stand in the journal', async () => {
  const queue = await createQueue('faulty');
  context.faults.add({ vendor: 'storage', effect: 'answer', status: 503, match: { method: 'POST', path: '/faulty/messages' } });

  await queue.sendMessage('once');

  const { peekedMessageItems } = await queue.peekMessages();
  const sent = context.journal.entries('storage').filter(({ method, path }) => method === 'POST' && path.includes('/faulty/'));
  expect(peekedMessageItems.map(({ messageText }) => messageText)).toEqual(['once']);
  expect(sent.map(({ status }) => status)).toEqual([503, 201]);
});

verifies('storage:durable', 'an orderly restart loses nothing; a port in use is refused', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'adjutant-storage-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const first = await createStorage(createSandboxContext({ directory }));
  const open = ({ connectionString }: Storage) => ({
    queue: QueueServiceClient.fromConnectionString(connectionString).getQueueClient('kept'),
    blobs: BlobServiceClient.fromConnectionString(connectionString).getContainerClient('kept'),
  });
  const before = open(first);
  await Promise.all([before.queue.create(), before.blobs.create()]);
  await before.queue.sendMessage('message');
  await before.blobs.getBlockBlobClient('blob').upload('content', 7);
  await first.close();
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());

  const second = await createStorage(createSandboxContext({ directory }));
  onTestFinished(() => second.close());
  const { queue, blobs } = open(second);
  const [message] = (await queue.receiveMessages()).receivedMessageItems;
  const content = await blobs.getBlockBlobClient('blob').downloadToBuffer();
  const refused = await createStorage(createSandboxContext(), { queuePort: (taken.address() as AddressInfo).port }).catch(String);

  expect([message?.messageText, content.toString()]).toEqual(['message', 'content']);
  expect(refused).toContain('EADDRINUSE');
});
