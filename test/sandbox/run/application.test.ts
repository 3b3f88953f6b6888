import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { findFreePort, isFree } from '../../../sandbox/run/ports.ts';
import { verifies } from '../../verifies.ts';
import { ask, runSandbox, until } from './support.ts';

const ana = '+15550100001';
const appOf = async (sandbox: { url: string }) => (await ask(sandbox, 'GET /sandbox/status')).body as { app: unknown };
const nowAt = async (url: string) => ((await (await fetch(`${url}/api/now`)).json()) as { now: number }).now;

verifies('application:restarted', 'killed, it is started again on its port and takes the webhooks it missed', async () => {
  const lines: string[] = [];
  const sandbox = await runSandbox({ onLine: (line) => lines.push(line) });
  const first = sandbox.pid();

  await sandbox.killApplication('SIGKILL');
  await ask(sandbox, 'POST /sandbox/messages', { from: ana, text: 'Are you there?' });
  const whileAway = sandbox.idle();
  await until(sandbox.healthy);
  await sandbox.advanceClock(10); // past the first repeat
  await sandbox.waitUntilIdle(10_000);

  expect(whileAway).toBe(false);
  expect(sandbox.waha.deliveries()).toMatchObject([{ event: 'message', status: 'delivered' }]);
  expect(await appOf(sandbox)).toMatchObject({ ready: true, idle: true, app: { pid: sandbox.pid(), starts: 2 } });
  expect(sandbox.pid()).not.toBe(first);
  expect(lines).toContain('The application ended (SIGKILL); it is started again.');
});

verifies('application:restarted', 'stopped, it stays down until it is started', async () => {
  const sandbox = await runSandbox();

  await sandbox.stopApplication();
  const down = await appOf(sandbox);
  await sandbox.startApplication();

  expect(down).toMatchObject({ ready: false, app: { pid: null, starts: 1 } });
  expect(await appOf(sandbox)).toMatchObject({ ready: true, app: { starts: 2 } });
});

verifies('application:sandbox-clock', 'every application has the new time when the move is answered', async () => {
  const sandbox = await runSandbox();
  const second = await sandbox.addApplication();
  const before = Date.now();

  const moved = await ask(sandbox, 'POST /sandbox/clock', { advanceSeconds: 3_600 });

  const times = [await nowAt(sandbox.applicationUrl), await nowAt(second.url), sandbox.context.clock.now()];
  expect(moved.body).toMatchObject({ offsetMs: 3_600_000 });
  for (const time of times) expect(time - before).toBeGreaterThanOrEqual(3_600_000);
});

verifies('application:sandbox-clock', 'a killed application is not waited for, and the next one has the time', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const sandbox = await runSandbox({ directory });
  await sandbox.killApplication('SIGKILL');
  const before = performance.now();

  await ask(sandbox, 'POST /sandbox/clock', { advanceSeconds: 600 });
  const tookMs = performance.now() - before;
  await until(sandbox.healthy);

  expect(tookMs).toBeLessThan(4_000);
  expect((await nowAt(sandbox.applicationUrl)) - Date.now()).toBeGreaterThan(590_000);
  await sandbox.close();
  const again = await runSandbox({ directory, withApplication: false });
  expect(again.context.clock.offsetMs()).toBe(600_000);
});

verifies('application:start-refused', 'the reason is told once, and nothing is left running', async () => {
  const lines: string[] = [];
  const port = await findFreePort();

  const starting = runSandbox({ port, environment: { FAIL_TO_START: '1' }, onLine: (line) => lines.push(line) });

  await expect(starting).rejects.toThrow(/^The application could not start:\n.*WITNESS_SETTING: is missing/);
  expect(lines.filter((line) => line.includes('started again'))).toEqual([]);
  expect(await isFree(port)).toBe(true);
});
