import { createContainer, type Container, type ContainerNeeds } from './container.ts';
import { alreadyExists, resourceNotFound } from './errors.ts';
import type { JsonObject } from './json.ts';
import type { DatabaseRow } from './store.ts';

/** The databases of the account and their containers. */
export interface Catalog {
  databases(): DatabaseRow[];
  database(id: string): DatabaseRow;
  createDatabase(id: string): DatabaseRow;
  removeDatabase(id: string): void;
  containers(databaseId: string): Container[];
  container(databaseId: string, id: string): Container;
  createContainer(databaseId: string, definition: JsonObject & { id: string }): Container;
  removeContainer(databaseId: string, id: string): void;
}

interface Shelf {
  readonly row: DatabaseRow;
  readonly containers: Map<string, Container>;
}

export function createCatalog(needs: ContainerNeeds): Catalog {
  const { store, clock } = needs;
  const shelves = new Map<string, Shelf>(store.databases().map((row) => [row.id, { row, containers: new Map() }]));
  for (const row of store.containers()) {
    const shelf = [...shelves.values()].find((candidate) => candidate.row.number === row.databaseNumber);
    shelf?.containers.set(row.id, createContainer(row, needs));
  }

  const shelf = (id: string) => {
    const found = shelves.get(id);
    if (!found) throw resourceNotFound();
    return found;
  };
  const container = (databaseId: string, id: string) => {
    const found = shelf(databaseId).containers.get(id);
    if (!found) throw resourceNotFound();
    return found;
  };

  return {
    databases: () => [...shelves.values()].map(({ row }) => row),
    database: (id) => shelf(id).row,
    createDatabase(id) {
      if (shelves.has(id)) throw alreadyExists();
      const row = store.addDatabase(id, clock.now());
      shelves.set(id, { row, containers: new Map() });
      return row;
    },
    removeDatabase(id) {
      store.removeDatabase(shelf(id).row.number);
      shelves.delete(id);
    },
    containers: (databaseId) => [...shelf(databaseId).containers.values()],
    container,
    createContainer(databaseId, definition) {
      const { row, containers } = shelf(databaseId);
      if (containers.has(definition.id)) throw alreadyExists();
      const stored = { databaseNumber: row.number, id: definition.id, createdAt: clock.now(), definition };
      const created = createContainer(store.addContainer(stored), needs);
      containers.set(definition.id, created);
      return created;
    },
    removeContainer(databaseId, id) {
      store.removeContainer(container(databaseId, id).number);
      shelf(databaseId).containers.delete(id);
    },
  };
}
