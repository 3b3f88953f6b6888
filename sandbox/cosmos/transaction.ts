import type { JsonObject } from './json.ts';
import { containerRid, databaseRid, documentRid, etagOf } from './resource-ids.ts';
import type { Change, StoredDocument } from './store.ts';

/** Writes to one partition that happen together or not at all; it reads its own. */
export interface Transaction {
  readonly partition: string;
  find(id: string): StoredDocument | undefined;
  /** Creates or replaces; `body` gets its system properties here. */
  put(id: string, body: JsonObject): StoredDocument;
  remove(id: string): void;
  /** Not called: nothing happened. */
  commit(): void;
}

export interface TransactionNeeds {
  readonly container: { readonly number: number; readonly databaseNumber: number };
  readonly partition: string;
  readonly now: number;
  /** The number this write will have. */
  readonly lsn: number;
  readonly current: (id: string) => StoredDocument | undefined;
  readonly isGone: (document: StoredDocument) => boolean;
  readonly commit: (changes: readonly Change[]) => void;
}

// A batch has at most 100 operations, each with a number of its own.
const operationsPerWrite = 128;

export function beginTransaction(needs: TransactionNeeds): Transaction {
  const { partition, now } = needs;
  const staged = new Map<string, StoredDocument | undefined>();
  let operations = 0;

  const find = (id: string) => {
    if (staged.has(id)) return staged.get(id);
    const document = needs.current(id);
    return document && !needs.isGone(document) ? document : undefined;
  };

  return {
    partition,
    find,
    put(id, body) {
      const written = needs.lsn * operationsPerWrite + operations++;
      const sequence = find(id)?.sequence ?? written;
      const complete = { ...body, ...systemProperties(needs, { written, sequence }) };
      const bytes = Buffer.byteLength(JSON.stringify(complete));
      const document = { partition, id, sequence, writtenAt: now, body: complete, bytes };
      staged.set(id, document);
      return document;
    },
    remove: (id) => void staged.set(id, undefined),
    commit() {
      if (staged.size > 0) needs.commit([...staged].map(([id, document]) => ({ partition, id, document })));
    },
  };
}

function systemProperties(
  { container, now }: TransactionNeeds,
  { written, sequence }: { readonly written: number; readonly sequence: number },
): JsonObject {
  const database = databaseRid(container.databaseNumber);
  const collection = containerRid(container.databaseNumber, container.number);
  const document = documentRid(container.databaseNumber, container.number, sequence);
  const seconds = Math.floor(now / 1_000);
  return {
    _rid: document,
    _self: `dbs/${database}/colls/${collection}/docs/${document}/`,
    _etag: etagOf(written, seconds),
    _attachments: 'attachments/',
    _ts: seconds,
  };
}
