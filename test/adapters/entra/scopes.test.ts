import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { delegatedScopes } from '../../../shared/adapters/entra/authority.ts';
import { contractsDirectory, loadContract } from '../../support/contracts.ts';
import { adapterOperations } from '../../support/witness/operations.ts';
import { verifies } from '../../verifies.ts';

/** By what we may do each thing that our adapters ask of Microsoft Graph: a scope to write holds that to read. */
const servedBy: Readonly<Record<string, string>> = {
  'GET /me': 'User.Read',
  'GET /users': 'User.ReadBasic.All',
  'GET /me/mailboxSettings': 'MailboxSettings.Read',
  'GET /me/calendarView': 'Calendars.ReadWrite',
  'POST /me/events': 'Calendars.ReadWrite',
  'POST /me/sendMail': 'Mail.Send',
};

verifies('authority:scopes', 'every operation of our adapters has its scope, and no scope is asked for without one', () => {
  const operations = [...adapterOperations.msgraph].sort();

  expect(Object.keys(servedBy).sort()).toEqual(operations);
  expect([...delegatedScopes].sort()).toEqual([...new Set(Object.values(servedBy))].sort());
});

verifies('authority:scopes', 'the operations page says what each of them is for', () => {
  const page = readFileSync('docs/operations.md', 'utf8');
  const [, section = ''] = /^## Permissions\n(.*?)^## /ms.exec(page) ?? [];

  const told = [...section.matchAll(/^\| `([\w.]+)` \| .+ \|$/gm)].map(([, scope]) => scope);

  expect(told.sort()).toEqual([...delegatedScopes].sort());
});

interface Documented {
  readonly 'x-ms-permissions'?: {
    readonly DelegatedWork?: { readonly least: readonly string[]; readonly higher?: readonly string[] };
  };
}

// The document leaves out, at times, that a right to write holds the right to read.
const readOf = (scope: string) => scope.replace('ReadWrite', 'Read');

describe.skipIf(contractsDirectory === undefined)('against the documents in CONTRACTS_DIR (skipped where they are not)', () => {
  verifies('authority:scopes', "by Microsoft's document each is the least for something, and enough for the rest", () => {
    const { document } = loadContract('msgraph-subset.openapi.json');
    const permissions = Object.entries(servedBy).flatMap(([operation, scope]) => {
      const [method = '', path = ''] = operation.split(' ');
      const documented = document.paths[path]?.[method.toLowerCase()] as Documented | undefined;
      const told = documented?.['x-ms-permissions']?.DelegatedWork;
      return told ? [{ operation, scope, ...told }] : [];
    });

    const least = new Set(permissions.flatMap((told) => told.least));
    const tooMuch = permissions.filter(({ scope }) => !least.has(scope));
    const notEnough = permissions.filter(
      ({ scope, least, higher = [] }) => ![scope, readOf(scope)].some((one) => [...least, ...higher].includes(one)),
    );

    expect(permissions.map(({ operation }) => operation)).toContain('POST /me/events');
    expect([tooMuch, notEnough]).toEqual([[], []]);
  });
});
