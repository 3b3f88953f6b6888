import { randomUUID } from 'node:crypto';
import { mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { VendorName } from './faults.ts';

/** One request and its answer, whole, as the vendor's document can judge it. */
export interface Exchange {
  readonly vendor: VendorName;
  /** Whether the stand-in was asked, or asked itself (a webhook). */
  readonly kind: 'request' | 'webhook';
  readonly method: string;
  /** With its query, below the vendor's own address. */
  readonly path: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  /** 0: there was no answer. */
  readonly status: number;
  readonly responseType: string;
  readonly responseBody: string;
  /** The answer is a fault's, not the stand-in's. */
  readonly byFault: boolean;
}

/** Writes down every exchange of the vendors that have a document; does nothing where it was given no folder. */
export interface Witness {
  record(exchange: Exchange): void;
}

const witnessed: readonly VendorName[] = ['waha', 'msgraph', 'openai'];
// What the documents speak of, and who asked; no key or token goes to the disk.
const keptHeaders = ['content-type', 'accept', 'user-agent', 'prefer', 'consistencylevel', 'if-match'];

// One file for each process and folder, however many stand-ins a process has.
const files = new Map<string, number>();

/** JSON lines, each written before the test goes on: a killed process leaves all it had done. */
export function createWitness(directory: string | undefined): Witness {
  if (directory === undefined || directory === '') return { record: () => undefined };
  return {
    record(exchange) {
      if (!witnessed.includes(exchange.vendor)) return;
      const headers = Object.entries(exchange.requestHeaders).map(([name, value]) => [name.toLowerCase(), value] as const);
      const requestHeaders = Object.fromEntries(headers.filter(([name]) => keptHeaders.includes(name)));
      writeSync(fileIn(directory), `${JSON.stringify({ ...exchange, requestHeaders })}\n`);
    },
  };
}

function fileIn(directory: string): number {
  const file = files.get(directory) ?? openFile(directory);
  files.set(directory, file);
  return file;
}

function openFile(directory: string): number {
  mkdirSync(directory, { recursive: true });
  return openSync(join(directory, `${process.pid}-${randomUUID()}.jsonl`), 'a');
}
