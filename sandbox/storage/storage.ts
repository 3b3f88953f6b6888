import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import type { SandboxContext } from '../kit/context.ts';
import { listen, serveVendor, type FetchHandler } from '../kit/http.ts';
import { services, startAzurite, type Service } from './azurite.ts';

export interface Storage {
  /** As the storage account's, for the SDKs and the functions host. */
  readonly connectionString: string;
  readonly ports: { readonly blob: number; readonly queue: number; readonly table: number };
  close(): Promise<void>;
}

export interface StorageOptions {
  readonly blobPort?: number;
  readonly queuePort?: number;
  readonly tablePort?: number;
}

// The account that every storage emulator has; published by Microsoft, a secret to nobody.
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** A storage account: Azurite in a child process, and before it what plays faults and keeps the journal. */
export async function createStorage(context: SandboxContext, options: StorageOptions = {}): Promise<Storage> {
  const azurite = await startAzurite(context.directory === undefined ? undefined : join(context.directory, 'storage'));
  const agent = new Agent({ keepAlive: true });
  const wanted: Readonly<Record<Service, number>> = {
    Blob: options.blobPort ?? 0,
    Queue: options.queuePort ?? 0,
    Table: options.tablePort ?? 0,
  };
  const fronts = await Promise.allSettled(
    services.map((service) => {
      const vendor = { vendor: 'storage', fetch: forwardTo(azurite.ports[service], agent), errorBody } as const;
      return listen(serveVendor(context, vendor), wanted[service]);
    }),
  );
  const close = async () => {
    for (const front of fronts) if (front.status === 'fulfilled') await front.value.close();
    agent.destroy();
    await azurite.close();
  };
  const failed = fronts.find((front) => front.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  const [blob = 0, queue = 0, table = 0] = fronts.map((front) => (front.status === 'fulfilled' ? front.value.port : 0));
  const endpoint = (port: number) => `http://127.0.0.1:${port}/${account}`;
  return {
    connectionString:
      `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};` +
      `BlobEndpoint=${endpoint(blob)};QueueEndpoint=${endpoint(queue)};TableEndpoint=${endpoint(table)};`,
    ports: { blob, queue, table },
    close,
  };
}

const errorBody = (status: number) => ({
  error: { code: status === 503 ? 'ServerBusy' : 'InternalError', message: `fault ${status}` },
});

const hopByHop = ['connection', 'keep-alive', 'transfer-encoding'];

/** Sends a request on unchanged: it is signed over its path and headers. */
function forwardTo(port: number, agent: Agent): FetchHandler {
  return async (request) => {
    const body = Buffer.from(await request.arrayBuffer());
    const { pathname, search } = new URL(request.url);
    const headers = Object.fromEntries([...request.headers].filter(([name]) => !hopByHop.includes(name)));
    if (body.length > 0) headers['content-length'] = String(body.length);
    return new Promise<Response>((resolve, reject) => {
      const forwarded = httpRequest({ host: '127.0.0.1', port, agent, method: request.method, path: pathname + search, headers });
      forwarded.once('error', reject);
      forwarded.once('response', (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', reject);
        answer.once('end', () => {
          const received = Object.entries(answer.headers).filter(([name]) => !hopByHop.includes(name));
          resolve(
            new Response(chunks.length === 0 ? null : Buffer.concat(chunks), {
              status: answer.statusCode ?? 502,
              statusText: answer.statusMessage ?? '',
              headers: received.map(([name, value]): [string, string] => [name, String(value)]),
            }),
          );
        });
      });
      forwarded.end(body);
    });
  };
}
