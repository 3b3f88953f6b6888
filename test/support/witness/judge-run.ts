import { adapterOperations } from './operations.ts';
import { documentedVendors, isFromAdapter, readExchanges, type DocumentedVendor, type Exchange } from './exchanges.ts';
import { judge, operationOf, type Violation } from './judge.ts';
import { loadVendorRules, type VendorRules } from './vendor-rules.ts';

/** What was seen of one operation, or of one webhook. */
export interface Seen {
  /** How often each status was answered; 0: no answer. A fault's are apart. */
  readonly statuses: Map<number, number>;
  readonly byFault: Map<number, number>;
  /** Those of `statuses` and `byFault` that our adapters were answered. */
  readonly toAdapters: Map<number, number>;
}

export interface VendorVerdict {
  readonly vendor: DocumentedVendor;
  exchanges: number;
  readonly operations: Map<string, Seen>;
  readonly webhooks: Map<string, number>;
  readonly documented: number;
  readonly neverSeen: string[];
}

export interface FoundViolation extends Violation {
  count: number;
  /** The first exchange that has it. */
  readonly example: Exchange;
}

export interface Verdict {
  readonly vendors: readonly VendorVerdict[];
  readonly violations: readonly FoundViolation[];
}

/** Judges everything that was written down in a folder; vendors that were not asked are left out. */
export async function judgeRun(directory: string): Promise<Verdict> {
  const rules = new Map<DocumentedVendor, VendorRules>();
  const vendors = new Map<DocumentedVendor, VendorVerdict>();
  const violations = new Map<string, FoundViolation>();
  for await (const { exchange, isRepeat } of readExchanges(directory)) {
    const { vendor } = exchange;
    const own = rules.get(vendor) ?? loadVendorRules(vendor);
    rules.set(vendor, own);
    const verdict = vendors.get(vendor) ?? newVerdict(vendor, own);
    vendors.set(vendor, verdict);
    const operation = operationOf(own, exchange)?.name;
    count(verdict, exchange, operation);
    if (isRepeat) continue;
    for (const violation of [...judge(own, exchange), ...unlistedOperation(exchange, operation)]) {
      const key = JSON.stringify(violation);
      const found = violations.get(key);
      if (found) found.count += 1;
      else violations.set(key, { ...violation, count: 1, example: exchange });
    }
  }
  for (const verdict of vendors.values()) {
    verdict.neverSeen.push(
      ...adapterOperations[verdict.vendor].filter((name) => (verdict.operations.get(name)?.toAdapters.size ?? 0) === 0),
    );
  }
  return {
    vendors: documentedVendors.flatMap((vendor) => vendors.get(vendor) ?? []),
    violations: [...violations.values()],
  };
}

function newVerdict(vendor: DocumentedVendor, { document }: VendorRules): VendorVerdict {
  const documented = document.operations.length;
  return { vendor, exchanges: 0, operations: new Map(), webhooks: new Map(), documented, neverSeen: [] };
}

function count(verdict: VendorVerdict, exchange: Exchange, operation: string | undefined): void {
  verdict.exchanges += 1;
  if (exchange.kind === 'webhook') {
    verdict.webhooks.set(exchange.path, (verdict.webhooks.get(exchange.path) ?? 0) + 1);
    return;
  }
  if (operation === undefined) return;
  const seen: Seen = verdict.operations.get(operation) ?? { statuses: new Map(), byFault: new Map(), toAdapters: new Map() };
  verdict.operations.set(operation, seen);
  const { status, byFault } = exchange;
  for (const times of [byFault ? seen.byFault : seen.statuses, ...(isFromAdapter(exchange) ? [seen.toAdapters] : [])])
    times.set(status, (times.get(status) ?? 0) + 1);
}

/** Without this the list of what our adapters ask for would grow old. */
function unlistedOperation(exchange: Exchange, operation: string | undefined): Violation[] {
  const { vendor } = exchange;
  if (operation === undefined || !isFromAdapter(exchange) || adapterOperations[vendor].includes(operation)) return [];
  const problem = 'our adapters ask for it, but test/support/witness/operations.ts does not list it';
  return [{ vendor, operation, side: 'request', problem }];
}
