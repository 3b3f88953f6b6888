import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished } from 'vitest';
import { contractsDirectory } from '../support/contracts.ts';
import { adaptersName, type DocumentedVendor, type Exchange } from '../support/witness/exchanges.ts';
import { judge } from '../support/witness/judge.ts';
import { judgeRun } from '../support/witness/judge-run.ts';
import { loadVendorRules } from '../support/witness/vendor-rules.ts';
import { request, start as startModel } from '../adapters/openai/start-model.ts';
import { startOpenai } from '../sandbox/openai/support.ts';
import { verifies } from '../verifies.ts';
import { exchangesIn, recordingFolder } from './recording.ts';

type Planted = Partial<Omit<Exchange, 'requestBody' | 'responseBody'>> & { requestBody?: unknown; responseBody?: unknown };

/** An exchange of ours with something in it changed. */
function plant(base: Exchange, { requestBody, responseBody, ...rest }: Planted): Exchange {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return {
    ...base,
    ...(requestBody === undefined ? {} : { requestBody: text(requestBody) }),
    ...(responseBody === undefined ? {} : { responseBody: text(responseBody) }),
    ...rest,
  };
}

const json = { 'content-type': 'application/json', 'user-agent': adaptersName };
const asked = { kind: 'request', requestHeaders: json, responseType: 'application/json', byFault: false } as const;
const sendText = { session: 'default', chatId: '1@c.us', text: 'Hi' };
const waha: Exchange = {
  ...asked,
  ...{ vendor: 'waha', method: 'POST', path: '/api/sendText', status: 201 },
  requestBody: JSON.stringify(sendText),
  responseBody: JSON.stringify({ id: 'true_1@c.us_3EB0', _data: {} }),
};
const view = '/v1.0/me/calendarView?startDateTime=2026-11-21T00:00:00Z&endDateTime=2026-11-22T00:00:00Z';
const msgraph: Exchange = {
  ...asked,
  ...{ vendor: 'msgraph', method: 'GET', path: `${view}&$top=5`, status: 200, requestBody: '' },
  responseBody: JSON.stringify({ value: [{ id: 'AAMk', subject: 'Sync' }] }),
};

const problemsOf = (exchange: Exchange) =>
  judge(rulesOf(exchange.vendor), exchange).map(({ side, problem }) => `${side}: ${problem}`);
const known = new Map<DocumentedVendor, ReturnType<typeof loadVendorRules>>();
function rulesOf(vendor: DocumentedVendor) {
  const rules = known.get(vendor) ?? loadVendorRules(vendor);
  known.set(vendor, rules);
  return rules;
}

describe.skipIf(contractsDirectory === undefined)('against the documents in CONTRACTS_DIR (skipped where they are not)', () => {
  verifies('witness:bites', 'as they stand, the exchanges have nothing against them', () => {
    expect([waha, msgraph].flatMap(problemsOf)).toEqual([]);
  });

  verifies('witness:bites', 'an operation that the document does not know, asked or played', () => {
    const fromTest = { requestHeaders: {} };

    expect(problemsOf(plant(msgraph, { path: '/v1.0/me/calendarViews' }))).toContain(
      'request: the document knows no such operation',
    );
    expect(problemsOf(plant(waha, { method: 'PATCH', ...fromTest }))).toEqual([
      'answer: answers 201 where the document knows no such operation',
    ]);
    expect(problemsOf(plant(msgraph, { path: '/me/calendarView', ...fromTest }))).not.toEqual([]);
  });

  verifies('witness:bites', 'a body of ours with a wrong type, without what is required, with what is not known', () => {
    expect(problemsOf(plant(waha, { requestBody: { ...sendText, text: 1 } }))).toEqual(['request: /text must be string']);
    expect(problemsOf(plant(waha, { requestBody: { ...sendText, chatId: undefined } }))).toEqual([
      "request:  must have required property 'chatId'",
    ]);
    expect(problemsOf(plant(waha, { requestBody: { ...sendText, linkPreviews: true } }))).toEqual([
      'request: /linkPreviews is not known',
    ]);
    expect(problemsOf(plant(waha, { requestBody: '{"session"' }))).toEqual(['request: its body is no JSON']);
    expect(problemsOf(plant(waha, { requestBody: '' }))).toEqual(['request: its body is missing']);
    expect(problemsOf(plant(waha, { requestHeaders: { ...json, 'content-type': 'text/plain' } }))).toEqual([
      "request: its content type is 'text/plain'",
    ]);
    expect(problemsOf(plant(msgraph, { requestBody: {} }))).toEqual(['request: a body, where the document tells of none']);
  });

  verifies('witness:bites', 'a query of ours with a wrong type, without what is required, with what is not known', () => {
    expect(problemsOf(plant(msgraph, { path: `${view}&$top=many` }))).toEqual(['request: ?$top must be integer']);
    expect(problemsOf(plant(msgraph, { path: `${view}&$tops=1` }))).toEqual(['request: ?$tops is not known']);
    expect(problemsOf(plant(msgraph, { path: '/v1.0/me/calendarView?startDateTime=2026-11-21T00:00:00Z' }))).toEqual([
      'request: ?endDateTime is missing',
    ]);
  });

  verifies('witness:bites', 'what a test asks on purpose is not held against us, what it is answered is', () => {
    const wrong = { requestBody: { bogus: 1 }, requestHeaders: { 'user-agent': 'node' } };
    const refusal = { message: 'Session name is required', error: 'Bad Request', statusCode: 400 };

    expect(problemsOf(plant(waha, { ...wrong, status: 400, responseBody: refusal }))).toEqual([]);
    expect(problemsOf(plant(waha, { ...wrong, status: 400, responseBody: { ...refusal, statusCode: 422 } }))).toHaveLength(1);
    expect(problemsOf(plant(waha, { ...wrong, status: 422, responseBody: { detail: 'no' } }))).not.toEqual([]);
  });

  verifies('witness:bites', 'a status, a media type or an answer that the document does not have', () => {
    expect(problemsOf(plant(waha, { status: 200 }))).toEqual(['answer: answers 200, which the document does not have']);
    expect(problemsOf(plant(waha, { status: 418 }))).toEqual(['answer: answers 418, which the document does not have']);
    expect(problemsOf(plant(msgraph, { status: 302 }))).toEqual(['answer: answers 302, which the document does not have']);
    expect(problemsOf(plant(msgraph, { responseType: 'text/html' }))).toEqual([
      "answer: answers 200 as 'text/html', where the document has application/json",
    ]);
    expect(problemsOf(plant(waha, { responseBody: { id: 'true_1@c.us_3EB0' } }))).toContain(
      "answer:  must have required property '_data'",
    );
    expect(problemsOf(plant(msgraph, { responseBody: { value: [{ subject: 7 }] } }))).toEqual([
      'answer: /value/*/subject must be string',
    ]);
    expect(problemsOf(plant(msgraph, { responseBody: { value: [{ title: 'x' }] } }))).toEqual([
      'answer: /value/*/title is not known',
    ]);
    expect(problemsOf(plant(msgraph, { status: 404, responseBody: { error: { message: 'no' } } }))).toContain(
      "answer: /error must have required property 'code'",
    );
  });

  verifies('witness:bites', 'an answer of a fault is not the stand-in’s, and no answer is none', () => {
    expect(problemsOf(plant(waha, { status: 418, byFault: true }))).toEqual([]);
    expect(problemsOf(plant(waha, { status: 0 }))).toEqual([]);
  });

  verifies('witness:bites', 'a webhook that is unknown, or that leaves out what the document requires', () => {
    const hook = { kind: 'webhook', path: 'message', status: 0, requestHeaders: {} } as const;

    expect(problemsOf(plant(waha, { ...hook, path: 'message.sang' }))).toEqual(['webhook: the document knows no such webhook']);
    expect(problemsOf(plant(waha, { ...hook, requestBody: { event: 'message' } }))).toContain(
      "webhook:  must have required property 'payload'",
    );
  });

  verifies('witness:bites', 'a response of the model, whole or streamed, that is not as the document says', async () => {
    const directory = recordingFolder();
    const { model } = await startModel();
    const { client } = await startOpenai();
    await model.answer(request);
    const stream = await client.responses.create({ model: 'adjutant-rules-1', input: 'Hello', stream: true });
    for await (const event of stream) expect(event.type).toMatch(/^response\./);
    const [whole, streamed] = await exchangesIn(directory);

    const broken = (exchange: Exchange | undefined, from: string, to: string) =>
      exchange
        ? problemsOf(plant(exchange, { responseBody: exchange.responseBody.replace(from, to) }))
        : ['nothing was recorded'];

    expect([whole, streamed].map((exchange) => broken(exchange, '', ''))).toEqual([[], []]);
    expect(broken(whole, '"object":"response"', '"object":"answer"').join()).toMatch(/object must be equal to/);
    expect(broken(streamed, '"sequence_number":1', '"sequence_number":"1"').join()).toMatch(/sequence_number must be integer/);
    expect(broken(streamed, 'response.created","response', 'response.begun","response').length).toBeGreaterThan(0);
  });

  verifies('witness:bites', 'an operation of our adapters that is not in the list of those', async () => {
    const directory = recordingFolder();
    writeFileSync(
      join(directory, 'a.jsonl'),
      `${JSON.stringify(plant(msgraph, { path: '/v1.0/me/calendar', responseBody: {} }))}\n`,
    );

    const { violations } = await judgeRun(directory);

    expect(violations.map(({ operation, problem }) => `${operation}: ${problem}`)).toEqual([
      expect.stringMatching(/^GET \/me\/calendar: .*operations\.ts does not list it/),
    ]);
  });

  verifies('witness:bites', 'a run with a violation fails and says where, and what was seen', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'run-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const setup = resolve('test/support/witness/global-setup.ts');
    writeFileSync(join(folder, 'vitest.config.mjs'), `export default { test: { globalSetup: [${JSON.stringify(setup)}] } };\n`);
    writeFileSync(join(folder, 'exchange.json'), JSON.stringify(plant(waha, { requestBody: { ...sendText, text: 1 } })));
    writeFileSync(join(folder, 'a.test.mjs'), testThatRecords);

    const run = promisify(execFile)(process.execPath, [resolve('node_modules/vitest/vitest.mjs'), 'run', '--root', folder], {
      cwd: folder,
      env: { ...process.env, CONTRACTS_DIR: contractsDirectory, NO_COLOR: '1' },
    });

    const failed: unknown = await run.catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 1, stdout: expect.stringMatching(/1 passed/) as string });
    const { stdout } = failed as { stdout: string };
    expect(stdout).toContain('Witnesses: 1 exchanges held');
    expect(stdout).toContain('✗ waha POST /api/sendText, request: /text must be string (1×)');
    rmSync(/kept in (\S+)/.exec(stdout)?.[1] ?? '', { recursive: true });
    expect(readdirSync(join(folder, 'node_modules/.cache/witness'))).toEqual(['coverage.md']);
  });
});

const testThatRecords = `
import { copyFileSync } from 'node:fs';
import { test } from '${import.meta.resolve('vitest').replace(/\/dist\/.*$/, '/dist/index.js')}';
test('records', () => copyFileSync('exchange.json', process.env.WITNESS_DIR + '/1.jsonl'));
`;
