import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, onTestFinished, vi } from 'vitest';
import { findFreePort } from '../../sandbox/run/ports.ts';
import { elsewhere } from '../sandbox/run/support.ts';
import { verifies } from '../verifies.ts';
import { isAlive, runStart } from './run-start.ts';

vi.setConfig({ testTimeout: 120_000 });

async function refusalOf(environment: Record<string, string>, args: readonly string[] = []) {
  const ports = { sandbox: await findFreePort(), application: await findFreePort() };
  onTestFinished(() => rmSync(`.sandbox/at-${ports.sandbox}`, { recursive: true, force: true }));
  const start = runStart({ ports, args, environment: { ...elsewhere, ...environment } });
  return { code: await start.exited, output: start.output(), start };
}

verifies(['application:start-refused', 'application:bad-settings-named'], 'wrong settings', async () => {
  const { code, output } = await refusalOf({ WORKSPACE: 'Not so', TRANSCRIPT_DAYS: 'many', OPENAI_BASE_URL: 'nowhere' });

  expect(code).toBe(1);
  expect(output.match(/Some settings are missing or wrong/g)).toHaveLength(1);
  expect(output).toMatch(
    /\n {2}WORKSPACE: must be .*\n {2}OPENAI_API_KEY: is missing; .*\n {2}OPENAI_BASE_URL: .*\n {2}TRANSCRIPT_DAYS: /,
  );
  expect(output).not.toContain('is started again');
  expect(output).not.toMatch(/^\s+at /m);
});

verifies('application:start-refused', 'flags and ports that are none, and no sandbox to join', async () => {
  const flag = await refusalOf({}, ['--frseh']);
  const port = await refusalOf({ PORT: 'seven' });
  const alone = await refusalOf({}, ['--only-app']);

  expect([flag.code, port.code, alone.code]).toEqual([1, 1, 1]);
  expect(flag.output).toMatch(/^usage: npm start/);
  expect(port.output).toBe("PORT must be a port, 0 to 65535, and not 'seven'.\n");
  expect(alone.output).toBe('There is no sandbox to join: run `npm start` first.\n');
});

verifies('application:start-ctrl-c', 'in the middle of a start', async () => {
  const ports = { sandbox: await findFreePort(), application: await findFreePort() };
  onTestFinished(() => rmSync(`.sandbox/at-${ports.sandbox}`, { recursive: true, force: true, maxRetries: 5 }));
  const start = runStart({ ports });
  await start.printed('Starting the application');
  const children = start.children();

  start.signal('SIGINT');
  const code = await start.exited;

  await vi.waitUntil(() => !children.some(isAlive), { timeout: 20_000 });
  expect(children.length).toBeGreaterThanOrEqual(2);
  expect(code).toBe(0);
  expect(start.output()).toMatch(/Ending …\n$/);
});

const pretend = (version: string) =>
  `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;

verifies('application:start-node-checked', 'one line under an older Node, none under this', () => {
  const run = (version: string) =>
    spawnSync(process.execPath, ['--import', pretend(version), '--import', './check-node.js', '-e', ''], { encoding: 'utf8' });

  const old = run('20.20.2');

  expect(old.status).toBe(1);
  expect(old.stderr).toMatch(/^Adjutant needs Node 24 or later and this is Node 20\.20\.2: .*\n$/);
  expect(run('24.0.0')).toMatchObject({ status: 0, stderr: '' });
});
