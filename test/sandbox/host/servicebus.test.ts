import { afterAll, beforeAll, expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { startBus } from './start-bus.ts';
import { spawnHost, type HostProcess } from './start-host.ts';

let bus: Awaited<ReturnType<typeof startBus>>;
let host: HostProcess;

beforeAll(async () => {
  bus = await startBus();
  host = await spawnHost({ app: 'servicebus', environment: bus.environment });
});
/** The deliveries of the message `name`. */
const deliveriesOf = (name: string) =>
  (host.told('started') as [string, number][]).filter(([of]) => of === name).map(([, delivery]) => delivery);

afterAll(async () => {
  host.signal('SIGKILL');
  await host.exited;
  await bus.close();
});

verifies('host:servicebus-complete-abandon', 'what returns is completed, what throws comes again at once', async () => {
  await bus.send('bells', { body: { name: 'a', failures: 2 } });
  await bus.settled();

  await expect.poll(() => deliveriesOf('a')).toEqual([1, 2, 3]);
  await expect.poll(() => host.told('ended')).toContain('a');
  expect(bus.queue('bells')).toMatchObject({ active: 0, deadLettered: 0 });
  const settled = bus.context.journal.entries('servicebus').map(({ method }) => method);
  expect(settled.filter((method) => method === 'ABANDON' || method === 'COMPLETE')).toEqual(['ABANDON', 'ABANDON', 'COMPLETE']);
});

verifies('host:servicebus-complete-abandon', 'what always throws ends among the dead letters', async () => {
  await bus.send('bells', { body: { name: 'never', failures: 99 } });
  await bus.settled();

  await expect.poll(() => deliveriesOf('never')).toEqual([1, 2, 3, 4, 5]);
  expect(host.told('ended')).not.toContain('never');
  expect(bus.queue('bells')).toMatchObject({ active: 0, deadLettered: 1 });
});

verifies('host:servicebus-metadata', 'with the traps of the real host', async () => {
  await bus.send('traps', {
    body: { workspace: 'w', count: 7, yes: true, list: [1], inner: { a: 1 }, none: null, Subject: 'from the body' },
    messageId: '12345678901234567890123',
    correlationId: 'true',
    subject: 'from the envelope',
    contentType: 'application/json',
    applicationProperties: { 'X-Trace': 'x', Tenant: '1e3', 'Diagnostic-Id': `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
  });
  await bus.settled();

  await expect.poll(() => host.told('seen')).toHaveLength(1);
  const [seen] = host.told('seen') as { body: unknown; metadata: Record<string, unknown>; traceParent: string }[];
  expect(seen?.body).toMatchObject({ workspace: 'w', list: [1] });
  expect(seen?.metadata).toMatchObject({
    messageId: 1.2345678901234568e22,
    correlationId: true,
    deliveryCount: 1,
    sequenceNumber: expect.any(Number) as number,
    enqueuedTimeUtc: expect.stringMatching(/Z$/) as string,
    enqueuedTime: expect.stringMatching(/\+00:00$/) as string,
    expiresAtUtc: expect.any(String) as string,
    lockToken: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    applicationProperties: { 'x-Trace': 'x', tenant: '1e3' },
    userProperties: { 'x-Trace': 'x' },
    workspace: 'w',
    count: 7,
    yes: 'True',
    inner: { a: 1 },
    subject: 'from the body',
    label: 'from the envelope',
  });
  expect(Object.keys(seen?.metadata ?? {})).not.toContain('none');
  expect(Object.keys(seen?.metadata ?? {})).not.toContain('replyTo');
  expect(seen?.traceParent).toMatch(/^00-a{32}-/);
});

verifies('host:servicebus-metadata', 'text that looks like JSON becomes what it looks like; bytes stay bytes', async () => {
  await bus.send('traps', [{ body: Buffer.from('5511999999999') }, { body: Buffer.from('plain text') }]);
  await bus.send('bytes', { body: Buffer.from([0, 255]) });
  await bus.settled();

  const bodies = () => (host.told('seen') as { body: unknown }[]).map(({ body }) => body);
  await expect.poll(bodies).toEqual(expect.arrayContaining([5_511_999_999_999, 'plain text']));
  await expect.poll(() => host.told('bytes')).toEqual(['00ff']);
});

verifies('host:admin', 'a queue function takes the input as its message', async () => {
  await fetch(`${host.url}/admin/functions/traps`, { method: 'POST', body: JSON.stringify({ input: '{"by":"hand"}' }) });

  const wanted: unknown = expect.objectContaining({
    body: { by: 'hand' },
    metadata: { deliveryCount: 1, sequenceNumber: 0, by: 'hand' },
  });
  await expect.poll(() => host.told('seen')).toContainEqual(wanted);
});
