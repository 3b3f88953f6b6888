import type { Container, JSONObject, PatchOperation } from '@azure/cosmos';
import { AppError } from '../../core/errors.ts';
import {
  AuditLine,
  IdentityDocument,
  PersonDocument,
  SignInDocument,
  TokenDocument,
  type Audit,
  type Identities,
  type IdentityChange,
  type People,
  type SignIns,
} from '../../ports/people.ts';
import type { WrappedKeys } from '../../ports/wrapped-keys.ts';
import type { Cosmos } from './client.ts';
import { request, statusOf, toAppError } from './errors.ts';
import { abortedBy } from './select.ts';
import { isTombstone, leaveTombstone, saveUnlessErased } from './unless-erased.ts';

export function createCosmosIdentities(cosmos: Cosmos): Identities {
  const container = cosmos.container('identities');
  return {
    async load(id, signal) {
      const found = await read(container, { id, key: id }, signal);
      return found && IdentityDocument.parse(found.resource);
    },
    async claim(identity, signal) {
      const stored = await createOrRead(container, { document: identity, key: identity.id }, signal);
      return IdentityDocument.parse(stored);
    },
    async loadCurrent(id, signal) {
      const found = await read(container, { id, key: id }, signal);
      return found && { document: IdentityDocument.parse(found.resource), version: found.version };
    },
    async update(id, set, signal) {
      await request('update identity', () => container.item(id, id).patch(toOperations(set), abortedBy(signal)));
    },
    async change({ document: { id }, version }, set, signal) {
      const options = { ...ifMatch(version), ...abortedBy(signal) };
      await request('change identity', () => container.item(id, id).patch(toOperations(set), options));
    },
  };
}

export function createCosmosPeople(cosmos: Cosmos): People {
  const people = cosmos.container('people');
  const tokens = cosmos.container('tokens');
  return {
    async load(personId, signal) {
      const found = await read(people, { id: personId, key: personId }, signal);
      return found && !isTombstone(found.resource) ? PersonDocument.parse(found.resource) : undefined;
    },
    save: (person, signal) => saveUnlessErased(people, { document: person, key: person.id }, signal),
    async setRole(personId, role, signal) {
      const operations: PatchOperation[] = [{ op: 'set', path: '/role', value: role }];
      const unlessErased = { condition: 'FROM c WHERE NOT IS_DEFINED(c.erased)', operations };
      try {
        await people.item(personId, personId).patch(unlessErased, abortedBy(signal));
      } catch (error) {
        if (statusOf(error) === 412) throw new AppError('not-found', 'The person was erased', { vendor: 'cosmos', cause: error });
        throw toAppError(error, 'set role');
      }
    },
    async loadTokens(personId, signal) {
      const found = await read(tokens, { id: personId, key: personId }, signal);
      if (!found || isTombstone(found.resource)) return undefined;
      return { document: TokenDocument.parse(found.resource), version: found.version };
    },
    async saveTokens(document, version, signal) {
      const { id, personId } = document;
      if (version === undefined) return saveUnlessErased(tokens, { document, key: personId }, signal);
      const options = { ...ifMatch(version), ...abortedBy(signal) };
      await request('save tokens', () => tokens.item(id, personId).replace(document, options));
    },
    async erase(personId, signal) {
      await leaveTombstone(people, { id: personId }, signal);
      await leaveTombstone(tokens, { id: personId, personId }, signal);
    },
  };
}

export function createCosmosSignIns(cosmos: Cosmos): SignIns {
  const container = cosmos.container('sign-ins');
  return {
    async load(id, signal) {
      const found = await read(container, { id, key: id }, signal);
      return found && { document: SignInDocument.parse(found.resource), version: found.version };
    },
    create: async (document, signal) =>
      SignInDocument.parse(await createOrRead(container, { document, key: document.id }, signal)),
    async replace(document, version, signal) {
      const options = { ...ifMatch(version), ...abortedBy(signal) };
      try {
        await container.item(document.id, document.id).replace(document, options);
      } catch (error) {
        if (statusOf(error) === 404) throw new AppError('conflict', 'The sign-in is gone', { vendor: 'cosmos', cause: error });
        throw toAppError(error, 'replace sign-in');
      }
    },
    remove: (id, signal) => remove(container, { id, key: id }, signal),
  };
}

export function createCosmosWrappedKeys(cosmos: Cosmos): WrappedKeys {
  const container = cosmos.container('data-keys');
  const toKey = (document: unknown) => {
    const { id, wrapped } = document as { id: string; wrapped?: string };
    return { owner: id, wrapped };
  };
  return {
    async load(owner, signal) {
      const found = await read(container, { id: owner, key: owner }, signal);
      return found && toKey(found.resource);
    },
    async create({ owner, wrapped }, signal) {
      const document = { id: owner, wrapped: wrapped ?? '' };
      return toKey(await createOrRead(container, { document, key: owner }, signal));
    },
    async drop(owner, signal) {
      await request('drop data key', () => container.items.upsert({ id: owner, dropped: true }, abortedBy(signal)));
    },
  };
}

export function createCosmosAudit(cosmos: Cosmos): Audit {
  const container = cosmos.container('audit');
  return {
    async append(key, line, signal) {
      const document = { id: key, ...AuditLine.parse(line) };
      await createOrRead(container, { document, key: line.stream }, signal);
    },
  };
}

interface Place {
  readonly id: string;
  readonly key: string;
}

/** A point read; undefined where there is none. Nulls are read as absent. */
async function read(
  container: Container,
  { id, key }: Place,
  signal?: AbortSignal,
): Promise<{ resource: unknown; version: string } | undefined> {
  const what = `read ${container.id}`;
  const { resource, etag } = await request(what, () => container.item(id, key).read<JSONObject>(abortedBy(signal)));
  if (resource === undefined) return undefined;
  return { resource: withoutNulls(resource), version: etag };
}

/** Deletes what is there; what is not, is gone already. */
async function remove(container: Container, { id, key }: Place, signal?: AbortSignal): Promise<void> {
  try {
    await container.item(id, key).delete(abortedBy(signal));
  } catch (error) {
    if (statusOf(error) !== 404) throw toAppError(error, `delete from ${container.id}`);
  }
}

/** Creates, or answers what is there under this id. */
async function createOrRead(
  container: Container,
  { document, key }: { document: { id: string } & object; key: string },
  signal?: AbortSignal,
): Promise<unknown> {
  try {
    await container.items.create(document, abortedBy(signal));
    return document;
  } catch (error) {
    if (statusOf(error) !== 409) throw toAppError(error, `create in ${container.id}`);
    const found = await read(container, { id: document.id, key }, signal);
    if (found) return found.resource;
    throw new AppError('conflict', `cosmos ${container.id} has and has not a document`, { vendor: 'cosmos', cause: error });
  }
}

/** Patch cannot remove what may not be there; a null is read as absent. */
function toOperations(set: IdentityChange): PatchOperation[] {
  return Object.entries(set as Readonly<Record<string, unknown>>).map(([field, value]) => ({
    op: 'set',
    path: `/${field}`,
    value: value ?? null,
  }));
}

function withoutNulls(document: JSONObject): JSONObject {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null));
}

function ifMatch(version: string) {
  return { accessCondition: { type: 'IfMatch', condition: version } };
}
