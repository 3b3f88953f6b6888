import { expect, onTestFinished } from 'vitest';
import { createServiceBusBell, type BellOptions } from '../../../shared/adapters/servicebus/bell.ts';
import { continueTrace } from '../../../shared/telemetry/index.ts';
import { receiveOne, startServiceBus } from '../../sandbox/servicebus/start.ts';
import { verifies } from '../../verifies.ts';

const one = { workspace: 'acme', conversationId: '0123456789' };

async function start(options: Partial<BellOptions> = {}) {
  const started = await startServiceBus();
  const bell = createServiceBusBell({
    connectionString: started.bus.connectionString,
    fullyQualifiedNamespace: undefined,
    managedIdentityClientId: undefined,
    queue: 'bells',
    timeoutMs: 500,
    ...options,
  });
  onTestFinished(() => bell.close());
  return { ...started, bell };
}

verifies('adapters:bell', 'a scheduled bell rings at its time', async () => {
  const { bell, bus, context, receiver } = await start();
  await bell.ring(one, { atMs: context.clock.now() + 20_000 });
  expect(bus.queues()[0]).toMatchObject({ active: 0, scheduled: 1 });

  context.clock.advance(20_000);

  expect((await receiveOne(receiver)).body).toEqual(one);
});

verifies('adapters:bell', 'carries the trace, and an id of digits as text', async () => {
  const { bell, receiver } = await start();
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

  await continueTrace(traceparent, () => bell.ring(one));
  const message = await receiveOne(receiver);

  expect(message.applicationProperties).toEqual({ traceparent });
  expect(message.body).toEqual({ workspace: 'acme', conversationId: '0123456789' });
});

verifies('adapters:bell', 'a queue that does not take it is told as worth retrying, after a bounded time', async () => {
  for (const fault of [{ effect: 'answer', status: 503 }, { effect: 'hang' }, { effect: 'drop' }] as const) {
    const { bell, context } = await start();
    await bell.ring(one);
    context.faults.add({ vendor: 'servicebus', match: { method: 'SEND' }, ...fault, times: 20 });
    const startedAt = performance.now();

    await expect(bell.ring(one)).rejects.toMatchObject({ code: 'upstream', vendor: 'servicebus', retryable: true });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  }
});

verifies('adapters:bell', 'a passing trouble is not seen, and the connection comes back', async () => {
  const { bell, context, bus } = await start();
  await bell.ring(one);
  context.faults.add({ vendor: 'servicebus', match: { method: 'SEND' }, effect: 'drop' });

  await bell.ring(one);
  await bell.ring(one);

  expect(bus.queues()[0]?.active).toBe(3);
});

verifies('adapters:bell', 'without a way to Service Bus it says so at once', () => {
  expect(() =>
    createServiceBusBell({
      connectionString: undefined,
      fullyQualifiedNamespace: undefined,
      managedIdentityClientId: undefined,
      queue: 'bells',
      timeoutMs: 1,
    }),
  ).toThrow('Neither a connection string nor a namespace');
});
