import { CosmosClient, type Container, type CosmosClientOptions } from '@azure/cosmos';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { createAzureCredential } from '../azure-credential.ts';
import { currentTraceparent } from '../../telemetry/index.ts';

export interface CosmosOptions {
  readonly endpoint: string;
  /** Undefined: the managed identity. */
  readonly key: string | undefined;
  readonly database: string;
  readonly managedIdentityClientId: string | undefined;
  readonly requestTimeoutMs: number;
}

/** The containers that infrastructure made; see infra-bicep/modules/cosmos.bicep. */
export type ContainerName =
  'conversations' | 'people' | 'identities' | 'tokens' | 'sign-ins' | 'data-keys' | 'audit' | 'settings';

export interface Cosmos {
  container(name: ContainerName): Container;
  close(): void;
}

/** One client a process: it carries the session tokens by which we read our own writes. */
export function createCosmosClient(options: CosmosOptions): Cosmos {
  const client = new CosmosClient({
    endpoint: options.endpoint,
    ...credentials(options),
    // Said explicitly: without it the SDK sends no session token, and reads may be older than our own writes.
    consistencyLevel: 'Session',
    httpClient: tracingHttpClient(),
    connectionPolicy: {
      requestTimeout: options.requestTimeoutMs,
      retryOptions: { maxRetryAttemptCount: 3, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 2 },
    },
  });
  const database = client.database(options.database);
  return { container: (name) => database.container(name), close: () => client.dispose() };
}

function credentials({ key, managedIdentityClientId }: CosmosOptions): Pick<CosmosClientOptions, 'key' | 'aadCredentials'> {
  return key === undefined ? { aadCredentials: createAzureCredential(managedIdentityClientId) } : { key };
}

/** Hands the trace on, so that what Cosmos was asked can be joined to the turn that asked. */
function tracingHttpClient(): HttpClient {
  const inner = createDefaultHttpClient();
  return {
    sendRequest(request) {
      const traceparent = currentTraceparent();
      if (traceparent !== undefined) request.headers.set('traceparent', traceparent);
      return inner.sendRequest(request);
    },
  };
}
