import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { loadHostJson } from '../../../sandbox/host/host-json.ts';
import {
  addLocalSettings,
  findConnection,
  isDisabled,
  resolveExpressions,
  type Settings,
} from '../../../sandbox/host/settings.ts';
import { verifies } from '../../verifies.ts';

function folderWith(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'host-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, value] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(value));
  return folder;
}

verifies('host:settings', 'local.settings.json fills up what the environment does not say', () => {
  const settings: Settings = { BOTH: 'environment' };
  const folder = folderWith({ 'local.settings.json': { Values: { BOTH: 'file', FILE: 1 }, ConnectionStrings: { Db: 'x' } } });

  addLocalSettings(folder, settings);

  expect(settings).toEqual({ BOTH: 'environment', FILE: '1', ConnectionStrings__Db: 'x' });
});

verifies('host:settings', 'an encrypted local.settings.json is refused', () => {
  const folder = folderWith({ 'local.settings.json': { IsEncrypted: true, Values: { A: 'gibberish' } } });

  expect(() => addLocalSettings(folder, {})).toThrow('is encrypted');
});

verifies('host:settings', 'expressions anywhere in an option', () => {
  expect(resolveExpressions('a-%ONE%-%TWO%', { ONE: '1', TWO: '2' })).toBe('a-1-2');
  expect(() => resolveExpressions('%ONE%', { ONE: '' })).toThrow('the setting ONE is missing');
});

verifies('host:settings', 'connections are looked up in the order of the real host', () => {
  const find = (settings: Settings) => findConnection('Bus', settings, ['fullyQualifiedNamespace']);

  expect(find({ Bus: 'b', AzureWebJobsBus: 'a' })).toEqual({ connectionString: 'a' });
  expect(find({ Bus: 'b', AzureWebJobsBus__fullyQualifiedNamespace: 'n' })).toEqual({ address: 'n' });
  expect(find({ Bus__fullyQualifiedNamespace: 'n', Bus__clientId: 'c' })).toEqual({ address: 'n', clientId: 'c' });
  expect(find({ Bus__accountName: 's' })).toEqual({ address: '', accountName: 's' });
  expect(() => find({ Bus: '' })).toThrow("'Bus' is not set: give Bus a connection string, or set Bus__fullyQualifiedNamespace");
});

verifies('host:settings', 'functions can be disabled', () => {
  expect(isDisabled('a', { 'AzureWebJobs.a.Disabled': 'True' })).toBe(true);
  expect(isDisabled('a', { 'AzureWebJobs.a.Disabled': 'false', 'AzureWebJobs.b.Disabled': 'true' })).toBe(false);
});

verifies('host:settings', 'host.json with its defaults, overridden by the environment', () => {
  const folder = folderWith({
    'host.json': {
      version: '2.0',
      functionTimeout: '-1',
      extensions: { serviceBus: { maxAutoLockRenewalDuration: '1.00:00:00.5' } },
    },
  });

  const { functionTimeout, extensions } = loadHostJson(folder, {
    AzureFunctionsJobHost__extensions__ServiceBus__maxConcurrentCalls: '3',
    AzureFunctionsJobHost__Extensions__queues__batchSize: '1',
  });

  expect(functionTimeout).toBeUndefined();
  expect(extensions.serviceBus).toMatchObject({
    maxConcurrentCalls: 3,
    prefetchCount: 0,
    maxAutoLockRenewalDuration: 86_400_500,
  });
  expect(extensions.queues).toMatchObject({
    batchSize: 1,
    maxDequeueCount: 5,
    maxPollingInterval: 60_000,
    messageEncoding: 'base64',
  });
  expect(extensions.http.routePrefix).toBe('api');
});
