import type { DatabaseSync } from 'node:sqlite';
import type { SandboxContext } from '../kit/context.ts';
import { openCollection, openDatabase } from '../kit/database.ts';
import type { StoredEvent } from './calendar/model.ts';
import type { StoredMessage } from './mail/model.ts';

/** A collection kept in memory and written through: a range of a calendar is read without parsing a whole mailbox. */
export interface Table<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): boolean;
  values(): T[];
}

/** Whose calendar is open to whom, by `<owner's oid>/<reader's oid>`. */
export interface Sharing {
  readonly role: 'read' | 'write';
}

export interface Store {
  readonly events: Table<StoredEvent>;
  readonly messages: Table<StoredMessage>;
  readonly sharing: Table<Sharing>;
  /** Runs `fill` once in the life of this state. */
  seedOnce(fill: () => void): void;
  /** What `write` does is on disk as a whole or not at all: a kill never leaves an event without its invitations. */
  atomically<T>(write: () => T): T;
}

export function openStore(context: SandboxContext): Store {
  const database = openDatabase(context, 'msgraph');
  const marks = openCollection<string>(database, 'marks');
  const atomically = <T>(write: () => T): T => {
    database.exec('BEGIN');
    try {
      return write();
    } finally {
      // Also after a refusal: those are thrown before anything is written.
      database.exec('COMMIT');
    }
  };
  return {
    atomically,
    events: openTable<StoredEvent>(database, 'events'),
    messages: openTable<StoredMessage>(database, 'messages'),
    sharing: openTable<Sharing>(database, 'sharing'),
    seedOnce(fill) {
      if (marks.get('seeded') !== undefined) return;
      atomically(() => {
        fill();
        marks.set('seeded', new Date(context.clock.now()).toISOString());
      });
    },
  };
}

function openTable<T>(database: DatabaseSync, name: string): Table<T> {
  const collection = openCollection<T>(database, name);
  const kept = new Map(collection.entries());
  return {
    get: (key) => kept.get(key),
    set(key, value) {
      collection.set(key, value);
      kept.set(key, value);
    },
    delete(key) {
      collection.delete(key);
      return kept.delete(key);
    },
    values: () => [...kept.values()],
  };
}
