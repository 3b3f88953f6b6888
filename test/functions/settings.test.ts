import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { readGivenSettings } from '../../sandbox/run/local-settings.ts';
import { findRealVendors } from '../../sandbox/run/real-vendors.ts';
import { loadSettings, Settings } from '../../shared/config/config.ts';
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
