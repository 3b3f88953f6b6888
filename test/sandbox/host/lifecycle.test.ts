import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { runHost, sharedHost, startHost } from './start-host.ts';

const app = 'lifecycle';
const host = sharedHost({ app });
const text = async (path: string) => (await fetch(`${host.url()}${path}`)).text();

verifies('host:core-contract', 'appStart runs before the first call, and its failure ends the start', async () => {
  const failed = await runHost({ app, environment: { APP_START_FAILS: '1' } });

  expect(host.told('appStart')).toHaveLength(1);
  expect(await failed.exited).toBe(1);
  expect(failed.output()).toContain('appStart says no');
});

verifies('host:core-contract', 'hooks change inputs, handler and result', async () => {
  expect(await text('/api/changed')).toBe('wrapped another input');
  expect(await text('/api/saved')).toBe('saved');
  await expect
    .poll(() => host.told('postInvocation'))
    .toContainEqual({
      data: { before: 'saved' },
      inputs: 1,
      result: null,
      error: 'Error: to be saved',
    });
});

verifies('host:core-contract', 'a hook that throws fails the invocation', async () => {
  const response = await fetch(`${host.url()}/api/refused`);

  expect(response.status).toBe(500);
  await expect.poll(() => host.output()).toContain('preInvocation says no');
});

verifies('host:core-contract', 'what the application logs passes its log hook, which may change it', async () => {
  await text('/api/logs');

  await expect.poll(() => host.output()).toContain('] seen: hello from inside');
  await expect.poll(() => host.told('log')).toContainEqual(['user', 'information', 'hello from inside', 'logs']);
});

verifies('host:core-contract', 'nothing is registered twice, or after start', async () => {
  expect(host.told('twice')).toEqual(['Error: A function with id "late" has already been registered.']);
  expect(JSON.parse(await text('/api/late'))).toEqual([
    'Error: A function can only be registered during app startup.',
    "Error: Setup options can't be changed after app startup has finished.",
  ]);
});

verifies('host:admin', 'runs a function now, and answers before it is done', async () => {
  const post = (name: string, body: string) =>
    fetch(`${host.url()}/admin/functions/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  const statuses = [(await post('by-hand', '{"input":""}')).status, host.told('by-hand').length];
  await expect.poll(() => host.told('by-hand')).toHaveLength(1);

  expect(statuses).toEqual([202, 0]);
  expect(host.told('by-hand')).toEqual([
    [{ schedule: { adjustForDST: true }, scheduleStatus: null, isPastDue: false }, expect.stringMatching(/^00-/), null],
  ]);
  expect((await post('by-hand', '{}')).status).toBe(202);
  expect((await post('by-hand', 'no json')).status).toBe(400);
  expect((await post('late', '{}')).status).toBe(400);
  expect((await post('unknown', '{}')).status).toBe(404);
});

verifies('host:admin', 'lists the functions and tells its state', async () => {
  const functions = JSON.parse(await text('/admin/functions')) as { name: string; invoke_url_template: string | null }[];

  expect(functions).toContainEqual(
    expect.objectContaining({ name: 'slow', invoke_url_template: `${host.url()}/api/slow`, isDisabled: false }),
  );
  expect(functions.find(({ name }) => name === 'by-hand')?.invoke_url_template).toBeNull();
  expect(JSON.parse(await text('/admin/host/status'))).toMatchObject({ state: 'Running' });
});

verifies('host:timeout', async () => {
  const limited = await startHost({ app, environment: { AzureFunctionsJobHost__functionTimeout: '00:00:00.2' } });

  const [late, inTime] = await Promise.all([fetch(`${limited.url}/api/slow?ms=1000`), fetch(`${limited.url}/api/slow?ms=1`)]);

  expect([late.status, inTime.status]).toEqual([500, 200]);
  await expect.poll(() => limited.output()).toContain("Timeout value of 0.2 s exceeded by function 'Functions.slow'");
});

verifies('host:drain', 'what runs finishes, nothing new is taken, and the exit code is 0', async () => {
  const leaving = await startHost({ app });
  const running = fetch(`${leaving.url}/api/slow?ms=400`);
  await expect.poll(() => leaving.told('slow')).toEqual(['started']);

  leaving.signal('SIGTERM');
  const status = () =>
    fetch(`${leaving.url}/api/slow?ms=0`)
      .then((response) => response.status)
      .catch(() => 'refused');
  await expect.poll(status).not.toBe(200);

  expect(await (await running).text()).toBe('done');
  expect(await leaving.exited).toBe(0);
  expect(leaving.told('appTerminate')).toEqual([{ started: true }]);
});

verifies('host:drain', 'waiting is bounded', async () => {
  const leaving = await startHost({ app, arguments: ['--drain-seconds', '0.2'] });
  const running = fetch(`${leaving.url}/api/slow?ms=60000`).catch(() => 'cut off');
  await expect.poll(() => leaving.told('slow')).toEqual(['started']);

  leaving.signal('SIGINT');

  expect(await leaving.exited).toBe(0);
  expect(await running).toBe('cut off');
  expect(leaving.output()).toContain('stopped while still running: slow');
  expect(leaving.told('appTerminate')).toHaveLength(1);
});

verifies('host:one-line-for-a-port', async () => {
  const second = await runHost({ app, environment: { PORT: new URL(host.url()).port } });

  expect(await second.exited).toBe(1);
  expect(second.output()).toContain('is in use: set PORT to a free one');
  expect(second.output()).not.toContain('    at ');
});
