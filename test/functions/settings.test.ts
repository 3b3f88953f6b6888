import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { readGivenSettings } from '../../sandbox/run/local-settings.ts';
import { findRealVendors } from '../../sandbox/run/real-vendors.ts';
import { loadSettings, Settings } from '../../shared/config/config.ts';
import { functionTimeoutSeconds } from '../../shared/config/cross-checks.ts';
import { verifies } from '../verifies.ts';
import { folderWith } from './folder-with.ts';

const sampleText = readFileSync('local.settings.sample.json', 'utf8');
const sample = (JSON.parse(sampleText) as { Values: Record<string, string> }).Values;

/** What a start says about these settings. */
function refusalOf(changes: Record<string, string | undefined>): string {
  try {
    loadSettings({ ...sample, ...changes });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing is wrong';
}

verifies('application:bad-settings-named', 'each wrong one with what it should be, none with its value', () => {
  const refusal = refusalOf({
    WORKSPACE: 'Alder Finch',
    PUBLIC_URL: 'ftp://secret-host',
    DATABASE_URL: 'mysql://user:secret-password@host',
    WAHA_URL: undefined,
    WAHA_ACCOUNT_PHONE: '5550100000',
    ORGANISATION_KEY: 'c2VjcmV0',
    LEASE_SECONDS: 'long',
    OPENAI_API_KEY: ' ',
  });

  const lines = refusal.split('\n');
  expect(lines[0]).toBe('Some settings are missing or wrong:');
  expect(lines.slice(1)).toEqual([
    '  WORKSPACE: must be 2 to 32 of a-z, 0-9 and -',
    '  PUBLIC_URL: must be the http(s) address people reach the application at',
    '  DATABASE_URL: must begin with postgresql://',
    '  WAHA_URL: is missing; must be the address of WAHA',
    "  WAHA_ACCOUNT_PHONE: must be the assistant's own number in E.164: +15550100000",
    expect.stringMatching(/^ {2}OPENAI_API_KEY: /),
    '  ORGANISATION_KEY: must be 32 bytes in base64 (`openssl rand -base64 32`)',
    expect.stringMatching(/^ {2}LEASE_SECONDS: /),
  ]);
  expect(refusal).not.toContain('secret');
});

verifies('application:bad-settings-named', 'of two ways to reach a vendor one is enough, none is told', () => {
  expect(refusalOf({ SERVICE_BUS: '', SERVICE_BUS__fullyQualifiedNamespace: 'bus.example' })).toBe('nothing is wrong');
  expect(refusalOf({ SERVICE_BUS: '' })).toMatch(/SERVICE_BUS: is missing; .*SERVICE_BUS__fullyQualifiedNamespace/);
  expect(refusalOf({ ENTRA_CLIENT_SECRET: '' })).toMatch(/ENTRA_CLIENT_SECRET: is missing; .*MANAGED_IDENTITY_CLIENT_ID/);
});

const databases: readonly [answer: 'taken' | 'refused', ...urls: string[]][] = [
  ['taken', 'postgresql://u:p@db.example/adjutant?sslmode=verify-full', 'postgres://u@db.example:6432/a?x=1&sslmode=verify-full'],
  ['taken', 'postgresql://postgres@127.0.0.1:5432/postgres', 'postgresql://[::1]/a', 'postgresql://localhost/a?sslmode=disable'],
  ['taken', 'postgresql:///a?host=/var/run/postgresql', 'postgresql://u@%2Fvar%2Frun%2Fpostgresql/a'],
  ['refused', 'postgresql://db.example/a', 'postgresql://db.example/a?ssl=true', 'postgresql://localhost.example/a'],
  ...['require', 'verify-ca', 'prefer', 'no-verify', 'disable', 'allow', ''].map((mode): [answer: 'refused', url: string] => [
    'refused',
    `postgresql://db.example/a?sslmode=${mode}`,
  ]),
  ['refused', 'postgresql://db.example/a?sslmode=verify-full&sslmode=disable', 'postgresql://localhost/a?host=db.example'],
];

verifies('application:settings-safe', 'a database elsewhere is reached over TLS alone, by its own name', () => {
  for (const [answer, ...urls] of databases)
    for (const url of urls) {
      const refusal = refusalOf({ DATABASE_URL: url });

      if (answer === 'taken') expect(refusal, url).toBe('nothing is wrong');
      else
        expect(refusal.split('\n').slice(1), url).toEqual([
          expect.stringContaining('DATABASE_URL: must say ?sslmode=verify-full'),
        ]);
    }
});

verifies('application:settings-safe', 'nothing is sent over plain http but to this very machine', () => {
  const addresses = [
    ...['PUBLIC_URL', 'COSMOS_ENDPOINT', 'WAHA_URL', 'WHATSAPP_LINK_URL', 'ENTRA_AUTHORITY_URL', 'MSGRAPH_URL'],
    ...['OPENAI_BASE_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ];
  const set = (url: string) => Object.fromEntries(addresses.map((name) => [name, url]));

  const refusal = refusalOf(set('http://vendor.example/v1'));

  const wanted = 'must begin with https://: http is for this very machine alone (127.0.0.1, localhost)';
  expect(refusal.split('\n').slice(1).sort()).toEqual(addresses.map((name) => `  ${name}: ${wanted}`).sort());
  for (const url of ['http://127.0.0.1.example', 'http://localhost.example', 'http://10.0.0.4:3000', 'http://[::2]:1'])
    expect(refusalOf({ WAHA_URL: url }), url).toContain(`WAHA_URL: ${wanted}`);
  for (const url of [
    'https://vendor.example',
    'http://localhost:1',
    'http://127.0.0.9',
    'http://[::1]:8080',
    'http://a.localhost',
  ])
    expect(refusalOf(set(url)), url).toBe('nothing is wrong');
  expect(refusalOf({ WAHA_URL: 'ftp://vendor.example' })).toContain('WAHA_URL: must be the address of WAHA');
  const emulator = (host: string) => `Endpoint=sb://${host};SharedAccessKeyName=k;SharedAccessKey=v;UseDevelopmentEmulator=true`;
  expect(refusalOf({ SERVICE_BUS: emulator('bus.example') })).toMatch(/SERVICE_BUS: must not say UseDevelopmentEmulator/);
  expect(refusalOf({ SERVICE_BUS: emulator('localhost:5672') })).toBe('nothing is wrong');
});

verifies('application:settings-safe', 'a secret that can be guessed is none', () => {
  const names = ['COSMOS_KEY', 'WAHA_API_KEY', 'WAHA_HMAC_KEYS', 'ENTRA_CLIENT_SECRET'];

  const refusal = refusalOf(Object.fromEntries(names.map((name) => [name, 'fifteen-chars-x'])));

  expect(refusal.match(/^ {2}[A-Z_]+: (each )?must have 16 characters or more \(`openssl rand -base64 32`\)$/gm)).toHaveLength(4);
  expect(refusalOf({ WAHA_HMAC_KEYS: 'sandbox-hmac-key,short' })).toMatch(/WAHA_HMAC_KEYS: each must have 16/);
  expect(refusalOf({ WAHA_HMAC_KEYS: 'sandbox-hmac-key, another-hmac-key' })).toBe('nothing is wrong');
  expect(refusalOf({ WAHA_HMAC_KEYS: ',' })).toMatch(/WAHA_HMAC_KEYS: each must have 16/);
});

verifies('infra:key-vault', 'a reference to Key Vault that was not resolved is no secret', () => {
  const reference = '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/X)';

  const refusal = refusalOf({ WAHA_HMAC_KEYS: reference, ORGANISATION_KEY: reference });

  expect(refusal.split('\n').slice(1)).toEqual([
    expect.stringMatching(/^ {2}WAHA_HMAC_KEYS: its reference to Key Vault was not resolved: check/),
    expect.stringMatching(/^ {2}ORGANISATION_KEY: its reference to Key Vault was not resolved: check/),
  ]);
});

verifies('application:settings-safe', 'times that do not go together are refused, beside whatever else is wrong', () => {
  const refusal = refusalOf({
    ...{ WORKSPACE: 'Alder Finch', LEASE_SECONDS: '10', TURN_BUDGET_SECONDS: '600', WEBHOOK_MAX_AGE_SECONDS: '3600' },
    ...{ MODEL_TIMEOUT_SECONDS: '600', VENDOR_TIMEOUT_SECONDS: 'x' },
  });

  expect(refusal.split('\n').slice(1)).toEqual([
    expect.stringMatching(/^ {2}WORKSPACE: /),
    expect.stringMatching(/^ {2}VENDOR_TIMEOUT_SECONDS: /),
    expect.stringMatching(/^ {2}LEASE_SECONDS: must be more than BEAT_SECONDS and LEASE_MARGIN_SECONDS together \(10\)/),
    expect.stringMatching(/^ {2}TURN_BUDGET_SECONDS: must be less than 600, the functionTimeout of host.json/),
    expect.stringMatching(/^ {2}MODEL_TIMEOUT_SECONDS: must be less than TURN_BUDGET_SECONDS \(600\)/),
    expect.stringMatching(/^ {2}WEBHOOK_MAX_AGE_SECONDS: must be more than 16200/),
  ]);
  expect(refusalOf({ LEASE_SECONDS: '10.5', TURN_BUDGET_SECONDS: '599' })).toBe('nothing is wrong');
  const host = JSON.parse(readFileSync('host.json', 'utf8')) as { functionTimeout: string };
  const [hours = 0, minutes = 0, seconds = 0] = host.functionTimeout.split(':').map(Number);
  expect(hours * 3_600 + minutes * 60 + seconds).toBe(functionTimeoutSeconds);
});

verifies('application:sample-settings', 'every variable is there, and the values pass', () => {
  expect(Object.keys(Settings.shape).filter((name) => !(name in sample))).toEqual([]);
  expect(refusalOf({})).toBe('nothing is wrong');
});

verifies('application:sample-settings', 'copied, it starts the stand-ins; what is changed in it counts', () => {
  const values = { ...sample, WAHA_URL: 'https://waha.example', LEASE_SECONDS: '30' };
  const copied = folderWith({ 'local.settings.sample.json': sampleText, 'local.settings.json': sampleText });
  const changed = folderWith({
    'local.settings.sample.json': sampleText,
    'local.settings.json': JSON.stringify({ IsEncrypted: false, Values: values }),
  });

  const given = readGivenSettings(changed, { LEASE_SECONDS: '40', SHELL: '/bin/sh', WAHA_API_KEY: 'mine' });

  expect(readGivenSettings(copied, {})).toEqual({});
  expect(given).toEqual({ WAHA_URL: 'https://waha.example', LEASE_SECONDS: '40', WAHA_API_KEY: 'mine' });
  expect([...findRealVendors(given).keys()]).toEqual(['waha']);
});
