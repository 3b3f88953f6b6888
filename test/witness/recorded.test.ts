import { appendFileSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { createSandboxContext } from '../../sandbox/kit/context.ts';
import type { VendorName } from '../../sandbox/kit/faults.ts';
import { listen, serveVendor } from '../../sandbox/kit/http.ts';
import { userAgent } from '../../shared/adapters/request-json.ts';
import { adaptersName, isFromAdapter } from '../support/witness/exchanges.ts';
import { startWaha, toAna, ana } from '../sandbox/waha/support.ts';
import { verifies } from '../verifies.ts';
import { exchangesIn, recordingFolder } from './recording.ts';

/** A vendor that answers with what it was sent. */
async function startEcho(vendor: VendorName) {
  const directory = recordingFolder();
  const context = createSandboxContext();
  const fetchHandler = async (request: Request) => Response.json({ said: await request.text() }, { status: 201 });
  const errorBody = (status: number) => ({ status });
  const { port, close } = await listen(serveVendor(context, { vendor, fetch: fetchHandler, errorBody }, '/echo'));
  onTestFinished(close);
  const say = (body: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}/echo/say?loud=true`, { method: 'POST', body, headers }).then((response) => response.text());
  return { context, say, recorded: () => exchangesIn(directory), directory };
}

verifies('witness:recorded', 'a request and its answer, whole, and who asked, without a key', async () => {
  const { say, recorded } = await startEcho('openai');
  const long = 'ä'.repeat(200_000);

  await say(long, { 'content-type': 'text/plain', authorization: 'Bearer secret', 'user-agent': userAgent });
  await say('short');

  const [first, second] = await recorded();
  expect(first).toEqual({
    vendor: 'openai',
    kind: 'request',
    method: 'POST',
    path: '/say?loud=true',
    requestHeaders: { 'content-type': 'text/plain', accept: '*/*', 'user-agent': adaptersName },
    requestBody: long,
    status: 201,
    responseType: 'application/json',
    responseBody: JSON.stringify({ said: long }),
    byFault: false,
  });
  expect([first, second].map((one) => one && isFromAdapter(one))).toEqual([true, false]);
});

verifies(
  'witness:recorded',
  'what a fault answers is told apart from what the stand-in answers, and from its errors',
  async () => {
    const { context, say, recorded } = await startEcho('msgraph');
    for (const effect of ['answer', 'answer-after-doing', 'duplicate', 'drop'] as const)
      context.faults.add({ vendor: 'msgraph', effect, status: 503, body: { its: 'own' } });
    for (const status of [503, 502]) context.faults.add({ vendor: 'msgraph', effect: 'answer', status });

    for (let count = 0; count < 6; count += 1) await say('hello').catch(() => undefined);

    const seen = (await recorded()).map(({ status, byFault }) => ({ status, byFault }));
    expect(seen).toEqual([
      { status: 503, byFault: true },
      { status: 503, byFault: true },
      { status: 201, byFault: false },
      { status: 0, byFault: false },
      { status: 503, byFault: false },
      { status: 502, byFault: true },
    ]);
  },
);

verifies('witness:recorded', 'webhooks too, and nothing of vendors that have no document', async () => {
  const { say, directory } = await startEcho('entra');
  const { waha, api, receiver } = await startWaha();

  await say('password');
  waha.receive({ from: ana.phone, text: 'Hi' });
  await api('POST', '/api/sendText', toAna('Hello'));
  await receiver.arrived(1);

  const seen = (await exchangesIn(directory)).map(({ vendor, kind, path }) => `${vendor} ${kind} ${path}`);
  expect(seen.sort()).toEqual(['waha request /api/sendText', 'waha webhook message']);
});

verifies('witness:recorded', 'in one file of the process, of which a last line that was cut is passed over', async () => {
  const { say, recorded, directory } = await startEcho('openai');
  const { api } = await startWaha();
  await say('one');
  await api('GET', '/ping');
  const [file = '', ...others] = readdirSync(directory);

  appendFileSync(join(directory, file), readFileSync(join(directory, file), 'utf8').slice(0, 40));

  expect(others).toEqual([]);
  expect((await recorded()).map(({ vendor }) => vendor)).toEqual(['openai', 'waha']);
});

verifies('witness:recorded', 'in every run of tests, whoever starts the stand-ins', () => {
  const directory = process.env['WITNESS_DIR'];

  expect(directory).toMatch(/witness-/);
  expect(readFileSync('test/functions/run-start.ts', 'utf8')).toContain('WITNESS_DIR');
});
