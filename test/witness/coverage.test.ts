import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { contractsDirectory } from '../support/contracts.ts';
import { adaptersName, type Exchange } from '../support/witness/exchanges.ts';
import { judgeRun } from '../support/witness/judge-run.ts';
import { adapterOperations } from '../support/witness/operations.ts';
import { reportVerdict } from '../support/witness/report.ts';
import { verifies } from '../verifies.ts';
import { recordingFolder } from './recording.ts';

const typing: Exchange = {
  ...{ vendor: 'waha', kind: 'request', method: 'POST', path: '/api/startTyping' },
  requestHeaders: { 'content-type': 'application/json', 'user-agent': adaptersName },
  requestBody: JSON.stringify({ session: 'default', chatId: '1@c.us' }),
  ...{ status: 201, responseType: 'application/json', responseBody: '{"result":true}', byFault: false },
};
const fromTest: Partial<Exchange> = { requestHeaders: { 'user-agent': 'node' } };
const seen: Partial<Exchange>[] = [
  {},
  {},
  fromTest,
  { status: 503, byFault: true },
  { status: 0 },
  { ...fromTest, path: '/api/stopTyping', status: 401, responseBody: '{"message":"Unauthorized","statusCode":401}' },
];

async function verdictOf(exchanges: readonly Partial<Exchange>[]) {
  const directory = recordingFolder();
  writeFileSync(join(directory, '1.jsonl'), exchanges.map((one) => `${JSON.stringify({ ...typing, ...one })}\n`).join(''));
  return { verdict: await judgeRun(directory), directory };
}

describe.skipIf(contractsDirectory === undefined)('against the documents in CONTRACTS_DIR (skipped where they are not)', () => {
  verifies('witness:coverage', 'each operation with its statuses, those of faults apart, and who asked', async () => {
    const { verdict, directory } = await verdictOf(seen);
    const file = join(directory, 'deep', 'coverage.md');

    const said = reportVerdict(verdict, file);

    const rows = readFileSync(file, 'utf8').split('\n');
    expect(rows).toContain('| POST /api/startTyping | none (1), 201 (3) | 503 (1) | none (1), 201 (2), 503 (1) |');
    expect(rows).toContain('| POST /api/stopTyping | 401 (1) |  |  |');
    expect(said).toMatch(/^ {2}waha +6 +1 of 163 +201 401 +POST \/api\/sendText, /m);
    expect(said).toContain('6 exchanges');
  });

  verifies('witness:coverage', 'what our adapters never asked is named, what only tests asked among it', async () => {
    const { verdict } = await verdictOf(seen);

    const neverSeen = verdict.vendors.flatMap((vendor) => vendor.neverSeen);

    expect(neverSeen).toEqual(adapterOperations.waha.filter((name) => name !== 'POST /api/startTyping'));
  });

  verifies('witness:coverage', 'a vendor that nobody asked has no line, an empty run none at all', async () => {
    const { verdict } = await verdictOf([]);

    expect(verdict).toEqual({ vendors: [], violations: [] });
  });
});
