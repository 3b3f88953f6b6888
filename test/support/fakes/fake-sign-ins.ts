import { AppError } from '../../../shared/core/errors.ts';
import { SignInDocument, type SignIns } from '../../../shared/ports/people.ts';

export interface FakeSignIns extends SignIns {
  readonly documents: Map<string, { document: SignInDocument; version: string }>;
}

/** Sign-ins in memory, each write conditional on the version read. */
export function createFakeSignIns(): FakeSignIns {
  const documents = new Map<string, { document: SignInDocument; version: string }>();
  let versions = 0;
  const put = (document: SignInDocument) => {
    documents.set(document.id, { document: SignInDocument.parse(document), version: `v${(versions += 1)}` });
    return document;
  };
  return {
    documents,
    load: (id) => Promise.resolve(structuredClone(documents.get(id))),
    create: (document) => Promise.resolve(documents.get(document.id)?.document ?? put(document)),
    async replace(document, version) {
      await Promise.resolve();
      if (documents.get(document.id)?.version !== version) throw new AppError('conflict', 'the sign-in was changed');
      put(document);
    },
    remove: (id) => Promise.resolve(void documents.delete(id)),
  };
}
