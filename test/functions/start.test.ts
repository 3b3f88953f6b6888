import { rmSync } from 'node:fs';
import { expect, onTestFinished, vi } from 'vitest';
import { findFreePort, isFree } from '../../sandbox/run/ports.ts';
import { ask, until } from '../sandbox/run/support.ts';
import { verifies } from '../verifies.ts';
import { isAlive, runStart } from './run-start.ts';

// The whole of it is started, several times, with a database that is made anew.
vi.setConfig({ testTimeout: 300_000 });

const ana = '+15550100001';
const chatOf = (phone: string) => `GET /sandbox/chats/${encodeURIComponent(phone)}`;

/** Free ports, and the state that a sandbox on them keeps forgotten in the end. */
async function freePorts() {
  const ports = { sandbox: await findFreePort(), application: await findFreePort() };
  onTestFinished(() => rmSync(`.sandbox/at-${ports.sandbox}`, { recursive: true, force: true, maxRetries: 5 }));
  return ports;
}

const urlOf = (ports: { sandbox: number }) => ({ url: `http://127.0.0.1:${ports.sandbox}` });

verifies(
  [
    'application:start-two-commands',
    'application:start-port-taken',
    'application:start-added-instance',
    'application:start-ctrl-c',
  ],
  'one start, a second on its ports, one more application, and the end',
  async () => {
    const ports = await freePorts();
    const start = runStart({ ports });
    await start.printed('Ctrl-C ends it all');

    const second = runStart({ ports });
    const beside = runStart({ ports: { ...ports, sandbox: (await freePorts()).sandbox } });
    expect([await second.exited, await beside.exited]).toEqual([1, 1]);
    expect(second.output()).toMatch(/^Port \d+ is in use: .*SANDBOX_PORT to a free port\.\n$/);
    expect(beside.output()).toMatch(/^Port \d+ is in use: .*set PORT to a free port\.\n$/);

    const more = runStart({ ports: { sandbox: ports.sandbox }, args: ['--only-app'] });
    await more.printed('One more application');
    const [moreUrl = ''] = /http:\S+\d/.exec(more.output()) ?? [];
    expect((await fetch(`${moreUrl}/api/health`)).status).toBe(200);
    more.signal('SIGINT');
    expect(await more.exited).toBe(0);

    expect((await fetch(`http://127.0.0.1:${ports.application}/api/health`)).status).toBe(200);
    expect((await ask(urlOf(ports), 'GET /sandbox/status')).body).toMatchObject({ ready: true, app: { starts: 1 } });
    const people = (await ask(urlOf(ports), 'GET /sandbox/people')).body;
    expect(people).toMatchObject([true, true, true, true, false].map((onboarded) => ({ onboarded })));
    expect(start.output()).toContain(`http://127.0.0.1:${ports.sandbox}\n`);
    expect(start.output()).toContain(`http://127.0.0.1:${ports.application}`);
    expect(start.output()).toMatch(/Ana Ribeiro +\+15550100001 +admin/);
    expect(start.output()).toMatch(/Try +as Ana: .*\n +as Ben: .*\n +as Eva: /);

    const children = start.children();
    expect(children.length).toBeGreaterThanOrEqual(3);
    start.signal('SIGINT');
    expect(await start.exited).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
    expect([await isFree(ports.sandbox), await isFree(ports.application)]).toEqual([true, true]);
  },
);

verifies(
  ['application:start-state-kept', 'application:restarted', 'application:start-crash'],
  'a killed application, a killed sandbox, a start after that, and a fresh one',
  async () => {
    const ports = await freePorts();
    const sandbox = urlOf(ports);
    const first = runStart({ ports });
    await first.printed('Ctrl-C ends it all');
    const status = async () => (await ask(sandbox, 'GET /sandbox/status')).body as Status;
    const texts = async () => ((await ask(sandbox, chatOf(ana))).body as Chat).messages.map(({ text }) => text);
    const signedIn = await texts();
    expect(signedIn.at(-1)).toContain('You are signed in as Ana Ribeiro');

    process.kill((await status()).app.pid, 'SIGKILL');
    await until(async () => (await status()).app.starts === 2 && (await status()).ready, 60_000);
    expect(await texts()).toEqual(signedIn);

    const children = first.children();
    first.signal('SIGKILL');
    await first.exited;
    await until(() => !children.some(isAlive));

    const again = runStart({ ports });
    await again.printed('Ctrl-C ends it all');
    expect(again.output()).not.toContain('Signing in');
    expect(await texts()).toEqual(signedIn);
    const { body } = await ask(sandbox, 'POST /sandbox/messages', { from: ana, text: 'Who am I?' });
    const answer = async () => (await ask(sandbox, `${chatOf(ana)}?after=${(body as { id: string }).id}`)).body as Chat;
    await until(async () => (await answer()).messages.length > 0, 60_000);
    expect((await answer()).messages[0]?.text).toContain('Ana Ribeiro');
    again.signal('SIGTERM');
    expect(await again.exited).toBe(0);

    const fresh = runStart({ ports, args: ['--fresh'] });
    await fresh.printed('Signing in Ana, Ben, Chloe, Dmitri');
    expect(await texts()).not.toContain('Who am I?');
    fresh.signal('SIGINT');
    expect(await fresh.exited).toBe(0);
  },
);

interface Chat {
  readonly messages: readonly { readonly text: string }[];
}
interface Status {
  readonly ready: boolean;
  readonly app: { readonly pid: number; readonly starts: number };
}
