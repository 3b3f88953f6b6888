import type { SandboxClock } from '../kit/clock.ts';
import { createHistory, type ContainerView, type Documents } from './history.ts';
import type { JsonObject } from './json.ts';
import { containerRid } from './resource-ids.ts';
import type { ContainerRow, Store, StoredDocument } from './store.ts';
import { beginTransaction, type Transaction } from './transaction.ts';
import { isExpired } from './ttl.ts';

/** A container in memory, with the store as its durable copy. */
export interface Container {
  readonly number: number;
  readonly databaseNumber: number;
  readonly id: string;
  readonly rid: string;
  readonly createdAt: number;
  definition(): JsonObject;
  redefine(definition: JsonObject): void;
  /** The property that holds the partition key: `/a/b` as ['a', 'b']. */
  readonly partitionKeyPath: readonly string[];
  /** The number of the newest write. */
  lsn(): number;
  /** Writes to one partition; nothing is done before its `commit`. */
  begin(partition: string): Transaction;
  /** What a read sees whose session token covers `lsn`: that at least, and else the state of `staleReadMs` ago. */
  viewAt(lsn: number): ContainerView;
}

export interface ContainerNeeds {
  readonly store: Store;
  readonly clock: SandboxClock;
  readonly staleReadMs: number;
}

// Expired documents are invisible at once and cleared away now and then.
const commitsBetweenSweeps = 1_000;

export function createContainer(row: ContainerRow, needs: ContainerNeeds): Container {
  const { store, clock } = needs;
  let definition = row.definition;
  let lsn = row.lsn;
  const documents: Documents = new Map();
  for (const document of store.documents(row.number)) put(documents, document);
  const history = createHistory(documents, needs);
  const isGone = (document: StoredDocument) => isExpired(document, definition.defaultTtl, clock.now());

  const sweep = () => {
    const expired = [...documents.values()].flatMap((partition) => [...partition.values()].filter(isGone));
    store.commit(
      row.number,
      lsn,
      expired.map(({ partition, id }) => ({ partition, id, document: undefined })),
    );
    for (const { partition, id } of expired) remove(documents, partition, id);
  };
  sweep();

  const begin = (partition: string) =>
    beginTransaction({
      container: row,
      partition,
      now: clock.now(),
      lsn: lsn + 1,
      current: (id) => documents.get(partition)?.get(id),
      isGone,
      commit(changes) {
        store.commit(row.number, lsn + 1, changes);
        lsn += 1;
        for (const { id, document } of changes) {
          history.record({ lsn, partition, id, before: documents.get(partition)?.get(id) });
          // What is written again keeps its place among the others.
          if (document) put(documents, document);
          else remove(documents, partition, id);
        }
        if (lsn % commitsBetweenSweeps === 0) sweep();
      },
    });

  return {
    ...row,
    rid: containerRid(row.databaseNumber, row.number),
    partitionKeyPath: pathOf(row.definition),
    definition: () => definition,
    redefine(changed) {
      store.redefineContainer(row.number, changed);
      definition = changed;
    },
    lsn: () => lsn,
    begin,
    viewAt: (covered) => history.viewAt(covered, lsn, isGone),
  };
}

function pathOf(definition: JsonObject): string[] {
  const { paths } = definition.partitionKey as { paths: string[] };
  return (paths[0] ?? '').split('/').slice(1);
}

function put(documents: Documents, document: StoredDocument): void {
  const partition = documents.get(document.partition) ?? new Map<string, StoredDocument>();
  documents.set(document.partition, partition);
  partition.set(document.id, document);
}

function remove(documents: Documents, partition: string, id: string): void {
  const inPartition = documents.get(partition);
  inPartition?.delete(id);
  if (inPartition?.size === 0) documents.delete(partition);
}
