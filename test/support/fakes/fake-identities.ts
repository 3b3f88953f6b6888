import { AppError } from '../../../shared/core/errors.ts';
import { IdentityDocument, type Identities, type IdentityChange } from '../../../shared/ports/people.ts';

export interface FakeIdentities extends Identities {
  readonly documents: Map<string, IdentityDocument>;
  /** The next calls, of any method, fail with this; undefined lets them through again. */
  failWith(error: Error | undefined): void;
}

export function createFakeIdentities(): FakeIdentities {
  const documents = new Map<string, IdentityDocument>();
  let failure: Error | undefined;
  // A turn of the event loop before each moment of the store, so that parallel callers interleave.
  const moment = async <T>(act: () => T): Promise<T> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (failure) throw failure;
    return structuredClone(act());
  };
  const set = (id: string, change: IdentityChange) => {
    const stored = documents.get(id);
    if (!stored) throw new AppError('not-found', 'There is no such identity');
    const merged: Readonly<Record<string, unknown>> = { ...stored, ...change };
    const next = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
    documents.set(id, IdentityDocument.parse(next));
  };
  const versionOf = (document: IdentityDocument | undefined) => JSON.stringify(document);
  return {
    documents,
    failWith(error) {
      failure = error;
    },
    load: (id) => moment(() => documents.get(id)),
    claim: (identity) =>
      moment(() => {
        const stored = documents.get(identity.id) ?? structuredClone(identity);
        documents.set(identity.id, stored);
        return stored;
      }),
    loadCurrent: (id) =>
      moment(() => {
        const document = documents.get(id);
        return document && { document, version: versionOf(document) };
      }),
    update: (id, change) => moment(() => set(id, change)),
    change: ({ document: { id }, version }, change) =>
      moment(() => {
        if (versionOf(documents.get(id)) !== version)
          throw new AppError('conflict', 'The identity was changed since it was read');
        set(id, change);
      }),
  };
}
