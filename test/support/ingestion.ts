import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { createSelfSigned } from './self-signed.ts';

const Envelope = z.object({
  name: z.string(),
  time: z.string(),
  tags: z.record(z.string(), z.string()),
  data: z.object({ baseType: z.string(), baseData: z.record(z.string(), z.unknown()) }),
});
/** One thing that Application Insights was sent. */
export interface Item {
  readonly type: string;
  readonly time: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The ingestion of Application Insights in miniature: `POST /v2.1/track` takes a JSON array or JSON lines, zipped or not. It
 * speaks TLS, for the SDK makes https of every address; `environment` lets a process trust it.
 */
export async function startIngestion() {
  const items: Item[] = [];
  const bodies: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer(createSelfSigned(), (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const whole = Buffer.concat(chunks);
      const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(whole) : whole).toString();
      const found = request.url === '/v2.1/track' ? readBody(body) : [];
      bodies.push(body);
      authorizations.push(request.headers.authorization);
      items.push(...found);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ itemsReceived: found.length, itemsAccepted: found.length, errors: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ofType = (type: string) => items.filter((item) => item.type === type);
  return {
    connectionString: `InstrumentationKey=00000000-0000-4000-8000-00000000a1a1;IngestionEndpoint=https://127.0.0.1:${port}`,
    environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    close() {
      server.closeAllConnections();
      server.close();
    },
    bodies,
    authorizations,
    spans: () => ofType('RemoteDependencyData'),
    logs: () => ofType('MessageData'),
    /** Without what the SDK says of the resource. */
    metrics: () =>
      ofType('MetricData')
        .map(({ data }) => ({ ...Metric.parse(data), properties: data['properties'] }))
        .filter(({ name }) => !name.startsWith('_')),
    others: () => items.filter(({ type }) => !['RemoteDependencyData', 'MessageData', 'MetricData'].includes(type)),
  };
}

const Metric = z
  .object({ metrics: z.tuple([z.object({ name: z.string(), value: z.number(), count: z.number().optional() })]) })
  .transform(({ metrics: [metric] }) => metric);

function readBody(body: string): Item[] {
  const parsed: unknown[] = body.startsWith('[')
    ? (JSON.parse(body) as unknown[])
    : body.split('\n').map((line) => JSON.parse(line) as unknown);
  return parsed.map((one) => {
    const { time, tags, data } = Envelope.parse(one);
    return { type: data.baseType, time: Date.parse(time), tags, data: data.baseData };
  });
}
