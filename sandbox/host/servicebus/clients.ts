import { RetryMode, ServiceBusClient, type ServiceBusClientOptions } from '@azure/service-bus';
import type { ServiceBusSettings } from '../host-json.ts';
import { createCredential } from '../credential.ts';
import { findConnection, type Settings } from '../settings.ts';

/** One client for each connection, however many functions use it. */
export interface ServiceBusClients {
  get(connectionName: string): Promise<ServiceBusClient>;
  close(): Promise<void>;
}

export function createServiceBusClients(settings: Settings, { clientRetryOptions }: ServiceBusSettings): ServiceBusClients {
  const clients = new Map<string, Promise<ServiceBusClient>>();
  const options: ServiceBusClientOptions = {
    retryOptions: {
      mode: clientRetryOptions.mode === 'fixed' ? RetryMode.Fixed : RetryMode.Exponential,
      timeoutInMs: clientRetryOptions.tryTimeout,
      retryDelayInMs: clientRetryOptions.delay,
      maxRetryDelayInMs: clientRetryOptions.maxDelay,
      maxRetries: clientRetryOptions.maxRetries,
    },
  };
  return {
    get(name) {
      const known = clients.get(name);
      if (known) return known;
      const created = connect(name, settings, options);
      clients.set(name, created);
      return created;
    },
    async close() {
      await Promise.all([...clients.values()].map(async (client) => (await client).close()));
      clients.clear();
    },
  };
}

async function connect(name: string, settings: Settings, options: ServiceBusClientOptions): Promise<ServiceBusClient> {
  const connection = findConnection(name, settings, ['fullyQualifiedNamespace']);
  if ('connectionString' in connection) return new ServiceBusClient(connection.connectionString, options);
  const { address, clientId } = connection;
  return new ServiceBusClient(address, await createCredential(clientId), options);
}
