import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { startPage } from './start-page.ts';

verifies('page:files', 'the page and its files, under a policy that lets nothing in from elsewhere', async () => {
  const { url } = await startPage();

  const page = await fetch(url);

  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(html).not.toMatch(/https?:\/\/|<script>|<style|style=|\son\w+=/);
  const named = [...html.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
  expect(named.length).toBeGreaterThan(3);
  for (const path of named) expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
});

verifies('page:files', 'nothing else on the disk can be asked for', async () => {
  const { url } = await startPage();

  const paths = ['/page/tsconfig.json', '/page/..%2fpage.ts', '/page/%2e%2e/page.ts', '/page.ts', '/page/', '/favicon.ico'];

  for (const path of paths) expect([path, (await fetch(url + path)).status]).toEqual([path, 404]);
});

verifies('page:files', 'a file that is the same is not sent again', async () => {
  const { url } = await startPage();
  const etag = (await fetch(`${url}/page/main.js`)).headers.get('etag') ?? '';

  const again = await fetch(`${url}/page/main.js`, { headers: { 'if-none-match': etag }, cache: 'no-store' });

  expect(again.status).toBe(304);
});

verifies('page:files', 'its modules pass the type check', () => {
  const check = () =>
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'sandbox/page/public/tsconfig.json'], {
      encoding: 'utf8',
    });

  expect(check).not.toThrow();
});

verifies('page:story', 'the story of a message is served, an unknown one is empty', async () => {
  const { url } = await startPage();

  const story = await fetch(`${url}/page/stories/unknown`);

  expect(await story.json()).toMatchObject({ messageId: 'unknown', startedAt: null, steps: [] });
});

verifies('page:links', 'a link to wa.me without a text leads to the chat; a text is handed on whole', async () => {
  const { url } = await startPage();
  const target = async (path: string) => (await fetch(url + path, { redirect: 'manual' })).headers.get('location');

  expect(await target('/wa.me/15550100000')).toBe('/');
  expect(await target('/wa.me/15550100000?text=a%26person%3Db%20c')).toBe('/?text=a%26person%3Db+c');
});
