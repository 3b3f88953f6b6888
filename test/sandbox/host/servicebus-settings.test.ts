import { expect, onTestFinished } from 'vitest';
import { verifies } from '../../verifies.ts';
import { startBus } from './start-bus.ts';
import { startHost } from './start-host.ts';

/** A bus and a host, with settings of host.json's extensions.serviceBus. */
async function startBoth(settings: Record<string, string> = {}, lockDurationMs?: number) {
  const bus = await startBus(lockDurationMs);
  onTestFinished(bus.close);
  const overrides = Object.entries(settings).map(([name, value]) => [
    `AzureFunctionsJobHost__extensions__serviceBus__${name}`,
    value,
  ]);
  const environment = { ...bus.environment, ...(Object.fromEntries(overrides) as Record<string, string>) };
  return { bus, host: await startHost({ app: 'servicebus', environment }) };
}

verifies('host:servicebus-concurrency', async () => {
  const { bus, host } = await startBoth({ maxConcurrentCalls: '2', prefetchCount: '3' });
  const messages = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ body: { name, sleepMs: 100 } }));

  await bus.send('bells', messages);
  await bus.settled();

  await expect.poll(() => host.told('ended')).toHaveLength(messages.length);
  const order = host.output().match(/@\["(?:started|ended)"/g) ?? [];
  let running = 0;
  const most = Math.max(...order.map((line) => (running += line.includes('started') ? 1 : -1)));
  expect(most).toBe(2);
});

verifies('host:servicebus-lock-renewal', 'a lock is kept as long as the function runs', async () => {
  const { bus, host } = await startBoth({}, 1_000);

  await bus.send('bells', { body: { name: 'long', sleepMs: 2_500 } });
  await bus.settled();

  await expect.poll(() => host.told('ended')).toEqual(['long']);
  expect(host.told('started')).toEqual([['long', 1]]);
});

verifies('host:servicebus-lock-renewal', 'up to maxAutoLockRenewalDuration; then the message comes again', async () => {
  const { bus, host } = await startBoth({ maxAutoLockRenewalDuration: '00:00:00.3', maxConcurrentCalls: '2' }, 700);

  await bus.send('bells', { body: { name: 'long', sleepMs: 1_500 } });

  await expect.poll(() => host.told('started'), { timeout: 5_000 }).toContainEqual(['long', 2]);
  await expect.poll(() => host.output(), { timeout: 5_000 }).toContain('was not completed and will come again');
});

verifies('chaos:no-stall', 'completions that the broker never answers give their calls back within seconds', async () => {
  const { bus, host } = await startBoth({ maxConcurrentCalls: '2' }, 60_000);
  bus.context.faults.add({ vendor: 'servicebus', match: { method: 'COMPLETE' }, effect: 'hang', times: 2 });

  await bus.send('bells', [{ body: { name: 'a' } }, { body: { name: 'b' } }]);
  await expect.poll(() => host.told('ended'), { timeout: 5_000 }).toHaveLength(2);
  await bus.send('bells', { body: { name: 'after' } });

  await expect.poll(() => host.told('ended'), { timeout: 10_000 }).toContain('after');
  expect(host.output()).toContain('was not completed and will come again');
});

verifies('chaos:no-stall', 'however often its connection is cut, no more messages are in its hands', async () => {
  const { bus, host } = await startBoth({ maxConcurrentCalls: '2', prefetchCount: '0' }, 60_000);
  const { faults, journal } = bus.context;
  const most = 2;
  const inHand = () =>
    journal.entries('servicebus').filter(({ method }) => method === 'RECEIVE').length - host.told('ended').length;
  await bus.send(
    'bells',
    Array.from({ length: 40 }, (_, n) => ({ body: { name: `m${n}`, sleepMs: 300 } })),
  );

  for (const cuts of [1, 2, 3, 4]) {
    faults.add({ vendor: 'servicebus', match: { method: 'COMPLETE' }, effect: 'drop' });
    await expect.poll(() => host.output().split('was not completed').length, { timeout: 8_000 }).toBeGreaterThan(cuts);
  }
  const ended = host.told('ended').length;
  await expect.poll(() => host.told('ended').length, { timeout: 8_000 }).toBeGreaterThan(ended + 4);

  // What the host tells comes a moment later than what the broker notes.
  await expect.poll(inHand, { timeout: 500 }).toBeLessThanOrEqual(most);
});

verifies('host:drain', 'a message being worked on is completed before the end; the next one is left', async () => {
  const { bus, host } = await startBoth({ maxConcurrentCalls: '1' });
  await bus.send('bells', [{ body: { name: 'a', sleepMs: 400 } }, { body: { name: 'b' } }]);
  await expect.poll(() => host.told('started'), { timeout: 5_000 }).toEqual([['a', 1]]);

  host.signal('SIGTERM');

  expect(await host.exited).toBe(0);
  expect(host.told('ended')).toEqual(['a']);
  expect(bus.queue('bells')).toMatchObject({ active: 1 });
});

verifies('host:servicebus-complete-abandon', 'a broker that is not there yet, or goes away, is waited for', async () => {
  const first = await startBus();
  const { port } = first;
  await first.close();
  const settings = { AzureFunctionsJobHost__extensions__serviceBus__clientRetryOptions__delay: '00:00:00.1' };
  const host = await startHost({ app: 'servicebus', environment: { ...first.environment, ...settings } });
  for (const name of ['one', 'two']) {
    const bus = await startBus(undefined, port);

    await bus.send('bells', { body: { name } });
    await expect.poll(() => host.told('ended'), { timeout: 8_000 }).toContain(name);

    await bus.close();
  }
});

verifies('host:drain', 'a broker that is gone does not hold the end up', async () => {
  const { bus, host } = await startBoth();
  await bus.send('bells', { body: { name: 'a' } });
  await expect.poll(() => host.told('ended')).toEqual(['a']);
  await bus.close();
  const startedAtMs = performance.now();

  host.signal('SIGINT');
  host.signal('SIGTERM');

  expect(await host.exited).toBe(0);
  expect(performance.now() - startedAtMs).toBeLessThan(4_000);
});
