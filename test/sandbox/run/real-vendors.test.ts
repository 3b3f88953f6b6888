import { expect } from 'vitest';
import { findRealVendors } from '../../../sandbox/run/real-vendors.ts';
import { verifies } from '../../verifies.ts';
import { ask, runSandbox } from './support.ts';

const everyVendor = {
  WAHA_URL: 'https://waha.example',
  MSGRAPH_URL: 'https://msgraph.example',
  ENTRA_TENANT_ID: '11111111-1111-4111-8111-111111111111',
  OPENAI_API_KEY: 'a-real-key',
  COSMOS_ENDPOINT: 'https://cosmos.example',
  SERVICE_BUS__fullyQualifiedNamespace: 'bus.example',
  DATABASE_URL: 'postgresql://postgres.example/adjutant',
  AzureWebJobsStorage: 'DefaultEndpointsProtocol=https;AccountName=real',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example',
};

verifies('application:real-vendor-by-setting', 'with all of them set, nothing is played', async () => {
  const lines: string[] = [];

  const sandbox = await runSandbox({ withApplication: false, environment: everyVendor, onLine: (line) => lines.push(line) });

  expect(Object.values(sandbox.standIns).filter((standIn) => standIn !== undefined)).toEqual([]);
  expect(Object.keys(sandbox.ports)).toEqual(['application', 'sandbox']);
  expect(sandbox.environment).toMatchObject(everyVendor);
  expect(Object.keys(sandbox.environment)).not.toContain('SERVICE_BUS');
  expect(JSON.stringify(sandbox.environment)).not.toMatch(/sandbox-(waha|hmac|openai|servicebus|client)/);
  expect(lines).toContain('waha is a real one: WAHA_URL is set.');
  expect(lines.join()).not.toContain('a-real-key');
  for (const path of ['/waha/api/version', '/msgraph/v1.0/me', '/login/x', '/openai/v1/models', '/otlp/v1/traces']) {
    expect((await ask(sandbox, `GET ${path}`)).status).toBe(404);
  }
  expect((await ask(sandbox, 'POST /sandbox/messages', { from: '+15550100001', text: 'Hello' })).status).toBe(409);
});

verifies('application:real-vendor-by-setting', 'one alone: its settings are kept, every other vendor is played', async () => {
  const environment = { OPENAI_API_KEY: 'a-real-key', OPENAI_BASE_URL: 'https://model.example/v1' };

  const sandbox = await runSandbox({ withApplication: false, environment });

  expect(sandbox.environment).toMatchObject({
    ...environment,
    OPENAI_MODEL: expect.stringMatching(/./) as string,
    WAHA_URL: `${sandbox.url}/waha`,
    MSGRAPH_URL: `${sandbox.url}/msgraph`,
    ENTRA_AUTHORITY_URL: `${sandbox.url}/login`,
    COSMOS_ENDPOINT: sandbox.cosmos.endpoint,
    SERVICE_BUS: sandbox.servicebus.connectionString,
  });
  expect(Object.keys(sandbox.environment)).not.toContain('OPENAI_FALLBACK_MODEL');
  expect(sandbox.standIns.openai).toBeUndefined();
});

verifies('application:real-vendor-by-setting', 'an empty variable is not set; a real tenant takes its own Graph', () => {
  expect([...findRealVendors({ WAHA_URL: '', DATABASE_URL: ' ' })]).toEqual([]);
  expect([...findRealVendors({ ENTRA_CLIENT_ID: 'x' }).keys()]).toEqual(['entra', 'msgraph']);
  expect([...findRealVendors({ MSGRAPH_URL: 'x' }).keys()]).toEqual(['msgraph']);
});

verifies('application:real-vendor-by-setting', 'half-set variables of a vendor do not meet its stand-in', async () => {
  const environment = { WAHA_API_KEY: 'somebody-elses', OPENAI_MODEL: 'gpt-9' };

  const sandbox = await runSandbox({ withApplication: false, environment });

  expect(sandbox.environment).toMatchObject({ WAHA_API_KEY: 'sandbox-waha-key', OPENAI_MODEL: 'adjutant-rules-1' });
});
