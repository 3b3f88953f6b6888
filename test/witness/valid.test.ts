import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { contractsDirectory, loadContract, type OpenApi } from '../support/contracts.ts';
import { withCorrections, withoutContradictions } from '../support/witness/correct-document.ts';
import { corrections } from '../support/witness/corrections.ts';
import { errorProblemsOf } from '../support/witness/error-bodies.ts';
import type { Exchange } from '../support/witness/exchanges.ts';
import { judge } from '../support/witness/judge.ts';
import { judgeRun } from '../support/witness/judge-run.ts';
import { readVendorDocument } from '../support/witness/vendor-document.ts';
import { verifies } from '../verifies.ts';
import { recordingFolder } from './recording.ts';
import { useEveryAdapter } from './use-every-adapter.ts';

const read = (file: string): unknown => JSON.parse(readFileSync(join(contractsDirectory ?? '', file), 'utf8'));
const nothing = { vendor: 'waha', requestHeaders: {}, requestBody: '', responseBody: '', byFault: false } as const;

/** What a real WAHA posted and answered, as if a stand-in had. */
function realExchanges(): Exchange[] {
  const { captures } = read('waha-captured-webhooks.json') as { captures: { bodyJson: { event: string } }[] };
  const { samples } = read('waha-rest-samples.json') as {
    samples: { request: { method: string; path: string }; response: { status: number; body: unknown } }[];
  };
  const webhooks = captures.map(({ bodyJson }) => ({
    ...nothing,
    ...({ kind: 'webhook', method: 'POST', status: 0, responseType: '' } as const),
    ...{ path: bodyJson.event, requestBody: JSON.stringify(bodyJson) },
  }));
  const answers = samples.map(({ request, response: { status, body } }) => ({
    ...nothing,
    ...{ kind: 'request' as const, method: request.method, path: request.path, status },
    ...{ responseType: body === '' ? '' : 'application/json', responseBody: body === '' ? '' : JSON.stringify(body) },
  }));
  return [...webhooks, ...answers];
}

function wahaRules(list = corrections) {
  const contract = loadContract('waha.openapi.json', (document) =>
    withCorrections('waha', withoutContradictions(document) as OpenApi, list),
  );
  return {
    document: readVendorDocument(contract, ''),
    errorProblems: (status: number, body: string) => errorProblemsOf('waha', contract, { status, body }),
  };
}

describe.skipIf(contractsDirectory === undefined)('against the documents in CONTRACTS_DIR (skipped where they are not)', () => {
  verifies('witness:valid', 'whatever our adapters ask, and are answered, is as the vendors’ documents say', async () => {
    const directory = recordingFolder();

    await useEveryAdapter();
    const { vendors, violations } = await judgeRun(directory);

    expect(violations.map(({ vendor, operation, problem }) => `${vendor} ${operation} ${problem}`)).toEqual([]);
    expect(vendors.map(({ vendor, neverSeen }) => [vendor, neverSeen])).toEqual([
      ['waha', []],
      ['msgraph', []],
      ['openai', []],
    ]);
  });

  verifies('witness:valid', 'the corrected document of WAHA refuses nothing that a real WAHA sent', () => {
    const rules = wahaRules();

    const problems = realExchanges().flatMap((exchange) =>
      judge(rules, exchange).map(({ operation, problem }) => `${operation} ${problem}`),
    );

    expect(problems).toEqual([]);
  });

  verifies('witness:valid', 'each correction that names a capture is needed for one', () => {
    const exchanges = realExchanges();
    const named = corrections.filter(({ source }) => /captured-webhooks|rest-samples/.test(source));
    // WorkerInfo is the same field in another schema, which no capture shows.
    const shown = named.filter(({ schemas }) => schemas?.[0] !== 'WorkerInfo');

    const needless = shown.filter((correction) => {
      const rules = wahaRules(corrections.filter((one) => one !== correction));
      return exchanges.every((exchange) => judge(rules, exchange).length === 0);
    });

    expect(shown.length).toBeGreaterThan(8);
    expect(needless.map(({ reason }) => reason)).toEqual([]);
  });

  verifies('witness:valid', 'a correction about what is not there is refused', () => {
    const document = read('waha.openapi.json') as OpenApi;
    const about = { vendor: 'waha', reason: '', source: '' } as const;

    const correct = (correction: object) => () => withCorrections('waha', document, [{ ...about, ...correction }]);

    expect(correct({ schemas: ['WAMessage'], nullable: ['colour'] })).toThrow('WAMessage has no colour');
    expect(correct({ schemas: ['WAMessage'], added: { body: {} } })).toThrow('was to be added');
    expect(correct({ schemas: ['WANothing'], optional: ['body'] })).toThrow('no WANothing');
    expect(correct({ answer: { operation: 'GET /api/nowhere', status: '200' }, becomes: {} })).toThrow(
      'GET /api/nowhere has no 200',
    );
  });
});
