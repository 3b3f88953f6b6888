import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, vi } from 'vitest';
import { startInsightsExport } from '../../../shared/adapters/applicationinsights/start-export.ts';
import { silenceSdk } from '../../../shared/config/config.ts';
import { withSpan } from '../../../shared/telemetry/index.ts';
import { startIngestion } from '../../support/ingestion.ts';
import { verifies } from '../../verifies.ts';

const clientId = '00000000-0000-4000-8000-0000000000f1';

/** Where a function app asks for a token of its identity. @see https://learn.microsoft.com/azure/app-service/overview-managed-identity */
async function startIdentityEndpoint(): Promise<URL[]> {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '/', 'http://localhost'));
    const expiresOn = Math.floor(Date.now() / 1_000) + 3_600;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: 'of-the-identity', expires_on: String(expiresOn), token_type: 'Bearer' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'x');
  return asked;
}

verifies('telemetry:application-insights', 'where it asks for the managed identity, it gets its token', async () => {
  silenceSdk();
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const ingestion = await startIngestion();
  onTestFinished(ingestion.close);
  const asked = await startIdentityEndpoint();
  const exporter = startInsightsExport({
    connectionString: ingestion.connectionString,
    authentication: `Authorization=AAD;ClientId=${clientId}`,
    ...{ service: 'adjutant', instance: 'i1', metricsEveryMs: 60_000 },
  });

  await withSpan('turn', {}, () => Promise.resolve());
  await exporter.close();

  expect(ingestion.spans().length).toBe(1);
  expect(new Set(ingestion.authorizations)).toEqual(new Set(['Bearer of-the-identity']));
  expect(asked[0]?.searchParams.get('client_id')).toBe(clientId);
  expect(asked[0]?.searchParams.get('resource')).toBe('https://monitor.azure.com');
});
