import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { mutateBytes } from '../../fuzz/mutate/bytes.ts';
import { mutateJson } from '../../fuzz/mutate/json.ts';
import { createRandom, mixSeeds } from '../../sandbox/kit/random.ts';
import { runFuzz } from '../../fuzz/run.ts';
import { createHttpTarget } from '../../fuzz/targets/http-target.ts';
import { memberOf, type CreateTarget } from '../../fuzz/target.ts';
import type { World } from '../../fuzz/world.ts';
import { verifies } from '../verifies.ts';

const idle = { heapBytes: 0, residentBytes: 0 };
const child = { alive: () => true, output: () => '', memory: () => Promise.resolve(idle) };
// What a run looks at of a world.
const world = { standIns: child, application: child } as unknown as World;

/** A server with something planted in it. */
async function plant(answer: (body: string, response: ServerResponse, request: IncomingMessage) => void): Promise<CreateTarget> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(Buffer.concat(chunks).toString(), response, request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const seeds = [{ method: 'POST', path: '/things', json: { name: 'a', count: 1, list: ['x'] } }];
  const saysWhy = (body: unknown) => typeof memberOf(body, 'message') === 'string';
  return () => createHttpTarget({ under: 'standIns', url, headers: {}, seeds, saysWhy });
}

const ok = (response: ServerResponse) => response.end('{}');
const run = (target: CreateTarget, more: { first?: number; count?: number; timeoutMs?: number } = {}) =>
  runFuzz(world, target, { count: 300, seed: 1, timeoutMs: 2_000, ...more });

verifies('fuzz:bites', 'nothing planted, nothing found', async () => {
  const report = await run(await plant((_body, response) => ok(response)));

  expect(report.findings).toEqual([]);
  expect(report.outcomes).toEqual({ 200: 300 });
});

verifies('fuzz:bites', 'a planted 500 is found, and found again by its number alone', async () => {
  const target = await plant((body, response) => (body.includes('__proto__') ? response.writeHead(500).end() : ok(response)));

  const { findings } = await run(target);
  const [first] = findings;
  const again = await run(target, { first: first?.number ?? 0, count: 1 });

  expect(findings.length).toBeGreaterThan(1);
  expect(first).toMatchObject({ wrong: 'answered 500', shot: expect.stringContaining('__proto__') as string });
  expect(again.findings).toEqual([first]);
});

verifies('fuzz:bites', 'a hang, a silent refusal and a server that is ill afterwards', async () => {
  let isIll = false;
  const hangs = await plant((body, response) => {
    if (!body.includes('1e309')) ok(response);
  });
  const silent = await plant((body, response) => (body.startsWith('{') ? ok(response) : response.writeHead(422).end('no')));
  const ill = await plant((body, response) => {
    isIll ||= body.includes('null');
    if (isIll) response.writeHead(404).end('{"message":"gone"}');
    else ok(response);
  });

  const found = [await run(hangs, { timeoutMs: 100 }), await run(silent), await run(ill)].map(({ findings }) => findings);

  expect(found.map((findings) => findings.length > 0)).toEqual([true, true, true]);
  expect(found[0]?.every(({ wrong }) => wrong === 'hung')).toBe(true);
  expect(found[1]?.[0]?.wrong).toBe("422 without a reason in the vendor's words");
  expect(found[2]?.map(({ label }) => label)).toEqual(['afterwards']);
});

verifies('fuzz:bites', 'what is made of a seed and a number is always the same, and mostly something else', () => {
  const value = { a: [1, 'two', { three: null }], b: 'text' };
  const made = (number: number) => mutateJson(createRandom(mixSeeds(7, number)), value);

  const texts = Array.from({ length: 400 }, (_, number) => made(number));

  expect(texts).toEqual(Array.from({ length: 400 }, (_, number) => made(number)));
  expect(new Set(texts).size).toBeGreaterThan(200);
  for (const sign of ['__proto__', '\\ud800', 'NaN', '9'.repeat(400), '['.repeat(1_000)]) {
    expect(
      texts.some((text) => text.includes(sign)),
      sign.slice(0, 10),
    ).toBe(true);
  }
  expect(mutateBytes(createRandom(mixSeeds(1, 2)), Buffer.from('abc'))).toEqual(
    mutateBytes(createRandom(mixSeeds(1, 2)), Buffer.from('abc')),
  );
});
