import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { zipFolder } from '../../packaging/zip.ts';
import { startSandbox } from '../../sandbox/run/sandbox.ts';
import { people } from '../../sandbox/seed/people.ts';
import { until } from '../sandbox/run/support.ts';
import { verifies } from '../verifies.ts';
import { useBuild, useFolder } from './built.ts';

// Built, started and zipped on a machine that may have other things to do.
vi.setConfig({ testTimeout: 180_000 });

const build = useBuild();
const folder = useFolder();

interface Chat {
  readonly messages: readonly { readonly fromMe: boolean; readonly text: string }[];
}

verifies('azure:package-runs', 'a question is answered by the application from its zip', async () => {
  const zip = join(folder, 'adjutant.zip');
  writeFileSync(zip, zipFolder(build().folder));
  const [ana] = people;
  const phone = ana?.phone ?? '';
  const sandbox = await startSandbox({ applicationPackage: zip, onboard: ana ? [ana] : [] });
  const [, root = ''] =
    /--root (\S+)/.exec(execFileSync('ps', ['-o', 'args=', '-p', String(sandbox.pid())], { encoding: 'utf8' })) ?? [];
  try {
    const answer = async (path: string, body?: object) => {
      const options = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      return (await fetch(`${sandbox.url}${path}`, options)).json();
    };

    const { id } = (await answer('/sandbox/messages', { from: phone, text: 'What is on my calendar tomorrow?' })) as {
      id: string;
    };
    const shown = async () => ((await answer(`/sandbox/chats/${encodeURIComponent(phone)}?after=${id}`)) as Chat).messages;
    await until(async () => (await shown()).length > 0, 120_000);

    expect((await shown()).map(({ text }) => text).join()).toContain('On your calendar tomorrow');
    expect(sandbox.starts()).toBe(1);
    expect([existsSync(join(root, 'main.js')), existsSync(join(root, 'functions'))]).toEqual([true, false]);
  } finally {
    await sandbox.close();
  }
  expect(existsSync(root)).toBe(false);
});
