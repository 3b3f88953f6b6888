import type { SandboxClock } from '../kit/clock.ts';
import type { StoredDocument } from './store.ts';

/** By partition, then by id. */
export type Documents = Map<string, Map<string, StoredDocument>>;

/** A consistent state: all writes up to `lsn` and none after it. */
export interface ContainerView {
  readonly lsn: number;
  find(partition: string, id: string): StoredDocument | undefined;
  /** The documents of one partition, or of all. */
  scan(partition: string | undefined): Iterable<StoredDocument>;
}

/** How a document was before the write `lsn`. */
interface Undo {
  readonly lsn: number;
  readonly partition: string;
  readonly id: string;
  readonly before: StoredDocument | undefined;
}

export interface History {
  record(undo: Undo): void;
  viewAt(covered: number, newest: number, isGone: (document: StoredDocument) => boolean): ContainerView;
}

/** Remembers what the writes of the last `staleReadMs` replaced, so that a read without their token does not see them. */
export function createHistory(
  documents: Documents,
  { clock, staleReadMs }: { readonly clock: SandboxClock; readonly staleReadMs: number },
): History {
  const recent: (Undo & { readonly at: number })[] = [];

  const forgetOld = () => {
    const firstYoung = recent.findIndex(({ at }) => at > clock.now() - staleReadMs);
    recent.splice(0, firstYoung === -1 ? recent.length : firstYoung);
  };

  return {
    record(undo) {
      forgetOld();
      if (staleReadMs > 0) recent.push({ ...undo, at: clock.now() });
    },
    viewAt(covered, newest, isGone) {
      forgetOld();
      const settled = (recent[0]?.lsn ?? newest + 1) - 1;
      const lsn = Math.max(covered, settled);
      const undone = new Map<string, Undo>();
      for (const undo of recent) {
        const key = keyOf(undo.partition, undo.id);
        if (undo.lsn > lsn && !undone.has(key)) undone.set(key, undo);
      }
      return viewOf({ lsn, documents, undone, isGone });
    },
  };
}

const keyOf = (partition: string, id: string) => `${partition}\n${id}`;

function viewOf(state: {
  readonly lsn: number;
  readonly documents: Documents;
  readonly undone: ReadonlyMap<string, Undo>;
  readonly isGone: (document: StoredDocument) => boolean;
}): ContainerView {
  const { documents, undone, isGone } = state;
  return {
    lsn: state.lsn,
    find(partition, id) {
      const undo = undone.get(keyOf(partition, id));
      const document = undo ? undo.before : documents.get(partition)?.get(id);
      return document && !isGone(document) ? document : undefined;
    },
    *scan(partition) {
      const partitions =
        partition === undefined ? documents.values() : [documents.get(partition) ?? new Map<string, StoredDocument>()];
      for (const inPartition of partitions) {
        for (const document of inPartition.values()) {
          if ((undone.size === 0 || !undone.has(keyOf(document.partition, document.id))) && !isGone(document)) yield document;
        }
      }
      for (const { before } of undone.values()) {
        if (before && (partition === undefined || before.partition === partition) && !isGone(before)) yield before;
      }
    },
  };
}
