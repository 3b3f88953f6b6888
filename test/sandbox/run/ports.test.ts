import { createServer } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { chooseVendorPorts, findFreePort } from '../../../sandbox/run/ports.ts';
import { verifies } from '../../verifies.ts';

/** Takes a port for the time of a test. */
async function take(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
}

verifies('application:start-ports', "they come after the application's, but for those that are taken", async () => {
  const applicationPort = await findFreePort();
  await take(applicationPort + 3);

  const ports = Object.values(await chooseVendorPorts({ applicationPort, sandboxPort: applicationPort + 1 }));

  expect(new Set(ports).size).toBe(6);
  expect(ports).not.toContain(applicationPort + 1);
  expect(ports).not.toContain(applicationPort + 3);
  expect(Math.min(...ports)).toBeGreaterThan(applicationPort);
  expect(Math.max(...ports)).toBeLessThan(applicationPort + 50);
});

verifies('application:start-ports', 'those of an earlier start are kept while they are free', async () => {
  const [applicationPort, sandboxPort, kept, taken] = [await findFreePort(), 7, await findFreePort(), await findFreePort()];
  await take(taken);
  const earlier = { servicebus: kept, cosmos: taken, postgres: 0, blob: 0, queue: 0, table: 0 };

  const ports = await chooseVendorPorts({ applicationPort, sandboxPort, earlier });

  expect(ports.servicebus).toBe(kept);
  expect(ports.cosmos).toBeGreaterThan(applicationPort);
  expect(ports.cosmos).not.toBe(taken);
});
