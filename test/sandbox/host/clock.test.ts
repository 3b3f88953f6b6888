import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { verifies } from '../../verifies.ts';
import { offsetTo, startClock } from './start-clock.ts';
import { startHost, type HostProcess } from './start-host.ts';

const app = 'timers';
const environment = { EACH_MINUTE: '0 * * * * *' };
const hourMs = 3_600_000;

function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'host-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function startAt(time: string, folder = stateFolder()) {
  const clock = await startClock(offsetTo(time));
  const host = await startHost({
    app,
    environment: { ...environment, SANDBOX_CLOCK_URL: clock.url },
    arguments: ['--state', folder],
  });
  return { clock, host };
}

const runs = (host: HostProcess, name: string) =>
  (host.told(name) as [string, boolean][]).map(([at, pastDue]) => [at.slice(0, 16), pastDue]);

verifies('host:clock', 'the time of the application is that of the sandbox, from the start and after each move', async () => {
  const { clock, host } = await startAt('2030-01-01T10:00:10Z');
  const read = async () =>
    (await (await fetch(`${host.url}/api/now`)).json()) as { now: number; made: number; fixed: number; text: string };

  const before = await read();
  const version = clock.move(24 * hourMs);
  await expect.poll(clock.acknowledged).toBe(version);
  const after = await read();

  expect(new Date(before.now).toISOString()).toMatch(/^2030-01-01T10:00:/);
  expect(new Date(after.now).toISOString()).toMatch(/^2030-01-02T10:00:/);
  expect(after.made - after.now).toBeLessThan(100);
  expect([after.fixed, after.text.slice(0, 15)]).toEqual([5, 'Wed Jan 02 2030']);
});

verifies('host:clock', 'a timer that was jumped over fires once, as past due', async () => {
  const { clock, host } = await startAt('2030-01-01T01:00:10Z');

  const version = clock.move(72 * hourMs);
  await expect.poll(clock.acknowledged).toBe(version);
  await expect.poll(() => runs(host, 'minutely')).toHaveLength(1);

  await expect.poll(() => runs(host, 'daily')).toEqual([['2030-01-04T01:00', true]]);
  expect(runs(host, 'minutely')).toEqual([['2030-01-04T01:00', true]]);
});

verifies('host:clock', 'a move short of the schedule fires nothing', async () => {
  const { clock, host } = await startAt('2030-01-01T01:00:10Z');

  clock.move(30_000);
  const version = clock.move(1_000);
  await expect.poll(clock.acknowledged).toBe(version);

  expect([runs(host, 'daily'), runs(host, 'minutely')]).toEqual([[], []]);
});

verifies('host:timer-schedule', 'in time, in UTC, and runOnStartup at the start', async () => {
  const { clock, host } = await startAt('2030-01-01T02:50:10Z');

  clock.moveTo('2030-01-01T02:59:58.5Z');

  await expect.poll(() => runs(host, 'daily'), { timeout: 5_000 }).toEqual([['2030-01-01T03:00', false]]);
  await expect.poll(() => runs(host, 'minutely')).toContainEqual(['2030-01-01T03:00', false]);
  expect(runs(host, 'at-start')).toEqual([['2030-01-01T02:50', false]]);
});

verifies('host:timer-schedule', 'a run missed while no host was up is made up for once, where runs are recorded', async () => {
  const folder = stateFolder();
  const first = await startAt('2030-01-01T02:00:10Z', folder);
  first.host.signal('SIGKILL');
  await first.host.exited;

  const { host } = await startAt('2030-01-03T04:00:10Z', folder);

  await expect.poll(() => runs(host, 'daily')).toEqual([['2030-01-03T04:00', true]]);
  await expect.poll(() => runs(host, 'minutely')).toEqual([['2030-01-03T04:00', true]]);
  expect(runs(host, 'unwatched')).toEqual([]);
});

verifies('host:timer-singleton', 'of two hosts on one state folder one runs the timers, and the other takes over', async () => {
  const folder = stateFolder();
  const first = await startAt('2030-01-01T02:00:10Z', folder);
  const second = await startAt('2030-01-01T02:00:10Z', folder);
  for (const { clock } of [first, second]) clock.move(2 * hourMs);
  await expect.poll(() => runs(first.host, 'daily')).toHaveLength(1);
  expect([runs(second.host, 'at-start'), runs(second.host, 'daily')]).toEqual([[], []]);

  first.host.signal('SIGKILL');

  await expect.poll(() => runs(second.host, 'at-start'), { timeout: 8_000 }).toHaveLength(1);
});
