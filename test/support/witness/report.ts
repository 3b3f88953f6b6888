import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FoundViolation, Seen, VendorVerdict, Verdict } from './judge-run.ts';

/** Writes the coverage to a file and answers what belongs on the terminal. */
export function reportVerdict(verdict: Verdict, coverageFile: string): string {
  mkdirSync(dirname(coverageFile), { recursive: true });
  writeFileSync(coverageFile, coverageOf(verdict));
  const { vendors, violations } = verdict;
  const exchanges = vendors.reduce((sum, vendor) => sum + vendor.exchanges, 0);
  const found = violations.length === 1 ? '1 violation' : `${violations.length} violations`;
  return [
    `\nWitnesses: ${exchanges} exchanges held against the vendors' documents, ${found}. All that was seen: ${coverageFile}`,
    ...table([['vendor', 'exchanges', 'operations done', 'statuses', 'never asked by our adapters'], ...vendors.map(rowOf)]),
    ...violations.flatMap(describe),
  ].join('\n');
}

function rowOf({ vendor, exchanges, operations, webhooks, documented, neverSeen }: VendorVerdict): string[] {
  const statuses = new Set([...operations.values()].flatMap(({ statuses: own }) => [...own.keys()]));
  const played = [...operations.values()].filter(({ statuses: own }) =>
    [...own.keys()].some((status) => status >= 200 && status < 400),
  );
  const all = [...statuses].filter((status) => status > 0).sort((a, b) => a - b);
  const events = webhooks.size === 0 ? '' : ` + ${webhooks.size} webhooks`;
  return [vendor, String(exchanges), `${played.length} of ${documented}${events}`, all.join(' '), neverSeen.join(', ') || '–'];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

const mostOfABody = 600;

function describe({ vendor, operation, side, problem, count, example }: FoundViolation): string[] {
  const { kind, method, path, status, requestBody, responseBody } = example;
  const body = side === 'answer' ? responseBody : requestBody;
  return [
    `✗ ${vendor} ${operation}, ${side}: ${problem} (${count}×)`,
    `    ${kind === 'webhook' ? 'webhook' : `${method} ${path} → ${status}`}`,
    `    ${body.length > mostOfABody ? `${body.slice(0, mostOfABody)}…` : body}`,
  ];
}

function coverageOf({ vendors, violations }: Verdict): string {
  const lines = vendors.flatMap((verdict) => [
    `## ${verdict.vendor}`,
    '',
    `${verdict.exchanges} exchanges, ${verdict.operations.size} of ${verdict.documented} operations.`,
    '',
    '| operation | statuses (times) | by a fault | to our adapters |',
    '| --- | --- | --- | --- |',
    ...[...verdict.operations].sort(([a], [b]) => a.localeCompare(b)).map(([name, seen]) => operationRow(name, seen)),
    ...[...verdict.webhooks].sort(([a], [b]) => a.localeCompare(b)).map(([name, times]) => `| webhook ${name} | ${times} | | |`),
    '',
    verdict.neverSeen.length === 0
      ? 'Every operation of our adapters was seen.'
      : `Never asked by our adapters: ${verdict.neverSeen.join(', ')}.`,
    '',
  ]);
  const found = violations.map(
    ({ vendor, operation, side, problem, count }) => `- ${vendor} ${operation}, ${side}: ${problem} (${count}×)`,
  );
  return ['# What the witnesses saw', '', ...lines, '## Violations', '', ...(found.length > 0 ? found : ['None.']), ''].join(
    '\n',
  );
}

function operationRow(name: string, { statuses, byFault, toAdapters }: Seen): string {
  return `| ${name} | ${timesOf(statuses)} | ${timesOf(byFault)} | ${timesOf(toAdapters)} |`;
}

const timesOf = (statuses: ReadonlyMap<number, number>): string =>
  [...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, times]) => `${status === 0 ? 'none' : status} (${times})`)
    .join(', ');
