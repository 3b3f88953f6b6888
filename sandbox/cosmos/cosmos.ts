import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { SandboxContext } from '../kit/context.ts';
import { listen, serveVendor } from '../kit/http.ts';
import { parseDefinition } from './account-api.ts';
import { createApi } from './api.ts';
import { createCatalog, type Catalog } from './catalog.ts';
import { errorBody } from './errors.ts';
import { faultHeaders } from './fault-headers.ts';
import type { Json, JsonObject } from './json.ts';
import { createMeter, type RequestUnits } from './meter.ts';
import { openStore } from './store.ts';

export interface CosmosContainerOptions {
  readonly name: string;
  /** `/conversationId`. */
  readonly partitionKey: string;
  /** Seconds; −1 switches TTL on without a default. */
  readonly defaultTtl?: number;
  /** As the infrastructure declares it; without one every path is indexed. */
  readonly indexingPolicy?: JsonObject;
}

export interface CosmosOptions {
  readonly port?: number;
  /** The account's key, base64. */
  readonly key: string;
  readonly database: string;
  readonly containers: readonly CosmosContainerOptions[];
  /** How old a state may be that is read without a session token covering what is newer. */
  readonly staleReadMs?: number | undefined;
}

export interface Cosmos {
  readonly port: number;
  readonly endpoint: string;
  readonly key: string;
  /** Whether a request is being answered. */
  busy(): boolean;
  /** Every document of a container, as it stands. */
  documents(container: string): JsonObject[];
  requestUnits(): RequestUnits;
  resetRequestUnits(): void;
  close(): Promise<void>;
}

/** @see https://learn.microsoft.com/rest/api/cosmos-db/ */
export async function createCosmos(context: SandboxContext, options: CosmosOptions): Promise<Cosmos> {
  const store = openStore(context);
  const catalog = createCatalog({ store, clock: context.clock, staleReadMs: options.staleReadMs ?? 100 });
  provision(catalog, options);
  const meter = createMeter();
  const serve = serveVendor(context, {
    vendor: 'cosmos',
    fetch: createApi({ catalog, key: options.key, meter }),
    errorBody: (status) => errorBody(status),
  });

  let open = 0;
  const { port, close } = await listen(async (request: IncomingMessage, response: ServerResponse) => {
    open += 1;
    try {
      await serve(request, withFaultHeaders(response));
    } finally {
      open -= 1;
    }
  }, options.port);

  return {
    port,
    endpoint: `http://127.0.0.1:${port}`,
    key: options.key,
    busy: () => open > 0,
    documents(name) {
      const container = catalog.container(options.database, name);
      return [...container.viewAt(container.lsn()).scan(undefined)].map(({ body }) => body);
    },
    requestUnits: meter.read,
    resetRequestUnits: meter.reset,
    async close() {
      await close();
      store.close();
    },
  };
}

/** The database and the containers stand before the application starts, as infrastructure made them. */
function provision(catalog: Catalog, { database, containers }: CosmosOptions): void {
  if (!catalog.databases().some(({ id }) => id === database)) catalog.createDatabase(database);
  for (const { name, partitionKey, defaultTtl, indexingPolicy } of containers) {
    const definition = parseDefinition({
      id: name,
      partitionKey: { paths: [partitionKey] },
      ...(defaultTtl !== undefined && { defaultTtl }),
      ...(indexingPolicy && { indexingPolicy: indexingPolicy satisfies Json }),
    });
    const existing = catalog.containers(database).find(({ id }) => id === name);
    if (existing) existing.redefine(definition);
    else catalog.createContainer(database, definition);
  }
}

/** The kit's faults answer in HTTP's words; the client reads Cosmos' own headers. */
function withFaultHeaders(response: ServerResponse): ServerResponse {
  const writeHead = response.writeHead.bind(response);
  return Object.assign(response, {
    writeHead: (status: number, headers: OutgoingHttpHeaders) =>
      writeHead(status, { ...faultHeaders(status, headers), ...headers }),
  });
}
