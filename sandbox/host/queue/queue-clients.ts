import { QueueServiceClient } from '@azure/storage-queue';
import { createCredential } from '../credential.ts';
import { findConnection, type Settings } from '../settings.ts';

/** The queue service behind the connection `name`. */
export async function connectQueues(name: string, settings: Settings): Promise<QueueServiceClient> {
  const connection = findConnection(name, settings, ['queueServiceUri', 'serviceUri']);
  if ('connectionString' in connection) return QueueServiceClient.fromConnectionString(connection.connectionString);
  const { address, accountName = '', clientId } = connection;
  const url = address === '' ? `https://${accountName}.queue.core.windows.net` : address;
  return new QueueServiceClient(url, await createCredential(clientId));
}
