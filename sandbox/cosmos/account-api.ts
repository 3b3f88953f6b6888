import { z } from 'zod';
import type { Answer, Exchange } from './answer.ts';
import { parseBody } from './body.ts';
import type { Catalog } from './catalog.ts';
import type { Container } from './container.ts';
import { badRequest, CosmosError, notPlayed } from './errors.ts';
import type { JsonObject } from './json.ts';
import { databaseRid, etagOf } from './resource-ids.ts';
import type { DatabaseRow } from './store.ts';
import { assertTtl } from './ttl.ts';

const ResourceId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^/\\?#]+$/);

const Definition = z.looseObject({
  id: ResourceId,
  partitionKey: z.looseObject({
    paths: z.array(z.string().regex(/^(\/[\w-]+)+$/)).length(1, 'sandbox/cosmos plays one path, not hierarchical keys'),
    kind: z.literal('Hash').default('Hash'),
    version: z.literal([1, 2]).default(2),
  }),
  defaultTtl: z.int().optional(),
  uniqueKeyPolicy: z
    .looseObject({ uniqueKeys: z.array(z.unknown()).max(0, 'sandbox/cosmos does not play unique keys').default([]) })
    .optional(),
});

export function parseDefinition(body: unknown): JsonObject & { id: string } {
  const parsed = Definition.safeParse(body);
  if (!parsed.success) throw badRequest(`The container is invalid: ${z.prettifyError(parsed.error)}`);
  assertTtl(parsed.data.defaultTtl);
  return parsed.data as JsonObject & { id: string };
}

/** What the client reads first of all: one region, Session consistency. */
export function describeAccount(origin: string): Answer {
  const location = [{ name: 'Sandbox', databaseAccountEndpoint: `${origin}/` }];
  return {
    status: 200,
    charge: 0,
    body: {
      _self: '',
      id: 'sandbox',
      _rid: 'sandbox',
      media: '//media/',
      addresses: '//addresses/',
      _dbs: '//dbs/',
      writableLocations: location,
      readableLocations: location,
      enableMultipleWriteLocations: false,
      userReplicationPolicy: { asyncReplication: false, minReplicaSetSize: 3, maxReplicasetSize: 4 },
      userConsistencyPolicy: { defaultConsistencyLevel: 'Session' },
      systemReplicationPolicy: { minReplicaSetSize: 3, maxReplicasetSize: 4 },
      readPolicy: { primaryReadCoefficient: 1, secondaryReadCoefficient: 1 },
      queryEngineConfiguration: '{}',
    },
  };
}

const metadata = (status: number, body?: unknown): Answer => ({ status, body, charge: status === 200 ? 1 : 4.95 });

/** `/dbs` and `/dbs/{database}`. */
export function answerDatabases(catalog: Catalog, { method, segments, headers, body }: Exchange): Answer {
  const [, id] = segments;
  if (id === undefined) {
    if (method === 'GET')
      return metadata(200, { Databases: catalog.databases().map(describeDatabase), _count: catalog.databases().length });
    if (method !== 'POST') throw notAllowed(method);
    if (headers.get('x-ms-documentdb-isquery') !== null) throw notPlayed('a query over databases');
    const parsed = z.looseObject({ id: ResourceId }).safeParse(parseBody(body));
    if (!parsed.success) throw badRequest(`The database is invalid: ${z.prettifyError(parsed.error)}`);
    return metadata(201, describeDatabase(catalog.createDatabase(parsed.data.id)));
  }
  if (method === 'GET') return metadata(200, describeDatabase(catalog.database(id)));
  if (method !== 'DELETE') throw notAllowed(method);
  catalog.removeDatabase(id);
  return metadata(204);
}

/** `/dbs/{database}/colls` and one of them. */
export function answerContainers(catalog: Catalog, { method, segments, headers, body }: Exchange): Answer {
  const [, databaseId = '', , id] = segments;
  if (id === undefined) {
    const containers = catalog.containers(databaseId);
    if (method === 'GET')
      return metadata(200, { DocumentCollections: containers.map(describeContainer), _count: containers.length });
    if (method !== 'POST') throw notAllowed(method);
    if (headers.get('x-ms-documentdb-isquery') !== null) throw notPlayed('a query over containers');
    return metadata(201, describeContainer(catalog.createContainer(databaseId, parseDefinition(parseBody(body)))));
  }
  const container = catalog.container(databaseId, id);
  if (method === 'GET') return metadata(200, describeContainer(container));
  if (method === 'DELETE') {
    catalog.removeContainer(databaseId, id);
    return metadata(204);
  }
  if (method !== 'PUT') throw notAllowed(method);
  const definition = parseDefinition(parseBody(body));
  const keyOf = (defined: JsonObject) => JSON.stringify((defined.partitionKey as { paths: string[] }).paths);
  if (definition.id !== id || keyOf(definition) !== keyOf(container.definition())) {
    throw badRequest('Id and partition key of a container cannot be changed.');
  }
  container.redefine(definition);
  return metadata(200, describeContainer(container));
}

/** One physical partition that holds every key. */
export const describePartitionRanges = (container: Container): Answer =>
  metadata(200, {
    _rid: container.rid,
    PartitionKeyRanges: [
      {
        id: '0',
        _rid: container.rid,
        minInclusive: '',
        maxExclusive: 'FF',
        ridPrefix: 0,
        throughputFraction: 1,
        status: 'online',
        parents: [],
      },
    ],
    _count: 1,
  });

export const notAllowed = (method: string) => new CosmosError(405, `The requested verb ${method} is not supported.`);

const seconds = (milliseconds: number) => Math.floor(milliseconds / 1_000);

function describeDatabase({ id, number, createdAt }: DatabaseRow): JsonObject {
  const rid = databaseRid(number);
  const _etag = etagOf(number, seconds(createdAt));
  return { id, _rid: rid, _self: `dbs/${rid}/`, _etag, _colls: 'colls/', _users: 'users/', _ts: seconds(createdAt) };
}

function describeContainer({ rid, databaseNumber, number, createdAt, definition }: Container): JsonObject {
  return {
    indexingPolicy: {
      indexingMode: 'consistent',
      automatic: true,
      includedPaths: [{ path: '/*' }],
      excludedPaths: [{ path: '/"_etag"/?' }],
    },
    ...definition(),
    _rid: rid,
    _self: `dbs/${databaseRid(databaseNumber)}/colls/${rid}/`,
    _etag: etagOf(number, seconds(createdAt)),
    _docs: 'docs/',
    _sprocs: 'sprocs/',
    _triggers: 'triggers/',
    _udfs: 'udfs/',
    _conflicts: 'conflicts/',
    _ts: seconds(createdAt),
  };
}
