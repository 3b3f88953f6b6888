import { RetryMode, ServiceBusClient, type ServiceBusClientOptions } from '@azure/service-bus';
import { createCredential } from '../credential.ts';
import type { ServiceBusSettings } from '../host-json.ts';
import { findConnection, type Settings } from '../settings.ts';

/** Makes a client with a connection of its own. */
export type ServiceBusConnect = () => ServiceBusClient;

/** How to reach the namespace behind the connection `name`. */
export async function resolveServiceBus(
  name: string,
  settings: Settings,
  { clientRetryOptions }: ServiceBusSettings,
): Promise<ServiceBusConnect> {
  const options: ServiceBusClientOptions = {
    retryOptions: {
      mode: clientRetryOptions.mode === 'fixed' ? RetryMode.Fixed : RetryMode.Exponential,
      timeoutInMs: clientRetryOptions.tryTimeout,
      retryDelayInMs: clientRetryOptions.delay,
      maxRetryDelayInMs: clientRetryOptions.maxDelay,
      maxRetries: clientRetryOptions.maxRetries,
    },
  };
  const connection = findConnection(name, settings, ['fullyQualifiedNamespace']);
  if ('connectionString' in connection) return () => new ServiceBusClient(connection.connectionString, options);
  const credential = await createCredential(connection.clientId);
  return () => new ServiceBusClient(connection.address, credential, options);
}
