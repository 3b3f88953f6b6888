import { AppError } from '../../../shared/core/errors.ts';
import { PersonDocument, TokenDocument, type People } from '../../../shared/ports/people.ts';

export interface FakePeople extends People {
  readonly people: Map<string, PersonDocument>;
  readonly tokens: Map<string, { document: TokenDocument; version: string }>;
  /** How often tokens were read. */
  tokenReads(): number;
}

/** People and tokens in memory: every write of tokens but sign-in's is conditional on the version read. */
export function createFakePeople(): FakePeople {
  const people = new Map<string, PersonDocument>();
  const tokens = new Map<string, { document: TokenDocument; version: string }>();
  const erased = new Set<string>();
  const checkErased = (personId: string) => {
    if (erased.has(personId)) throw new AppError('gone', 'the person was erased');
  };
  let [versions, reads] = [0, 0];
  return {
    people,
    tokens,
    tokenReads: () => reads,
    load: (personId) => Promise.resolve(structuredClone(people.get(personId))),
    async save(person) {
      await Promise.resolve();
      checkErased(person.id);
      people.set(person.id, PersonDocument.parse(JSON.parse(JSON.stringify(person))));
    },
    async setRole(personId, role) {
      await Promise.resolve();
      const person = people.get(personId);
      if (!person) throw new AppError('not-found', 'there is no such person');
      people.set(personId, { ...person, role });
    },
    loadTokens(personId) {
      reads += 1;
      return Promise.resolve(structuredClone(tokens.get(personId)));
    },
    async saveTokens(document, version) {
      await Promise.resolve();
      if (version === undefined) checkErased(document.id);
      if (version !== undefined && tokens.get(document.id)?.version !== version) {
        throw new AppError('conflict', 'the tokens were changed since they were read');
      }
      tokens.set(document.id, { document: TokenDocument.parse(document), version: `v${(versions += 1)}` });
    },
    async erase(personId) {
      await Promise.resolve();
      erased.add(personId);
      people.delete(personId);
      tokens.delete(personId);
    },
  };
}
