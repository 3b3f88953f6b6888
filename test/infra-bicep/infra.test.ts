import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { containers } from '../../sandbox/run/containers.ts';
import { Settings } from '../../shared/config/config.ts';
import { contractsDirectory } from '../support/contracts.ts';
import { verifies } from '../verifies.ts';
import { blockOf, keysOf, readAll, readBicep } from './read-bicep.ts';

const Containers = z.array(
  z.object({
    ...{ name: z.string(), partitionKey: z.string() },
    indexingPolicy: z.object({ includedPaths: z.array(z.object({ path: z.string() })) }),
  }),
);
const modules = 'infra-bicep/modules';
const [cosmos, servicebus, keyvault, functionapp] = ['cosmos', 'servicebus', 'keyvault', 'functionapp'].map((name) =>
  readBicep(`${modules}/${name}.bicep`),
) as [ReturnType<typeof readBicep>, ReturnType<typeof readBicep>, ReturnType<typeof readBicep>, ReturnType<typeof readBicep>];

const secrets = [...(/^var secrets = \[(.*)\]/m.exec(functionapp.text)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(
  ([, name = '']) => name,
);
const decided = keysOf(blockOf(functionapp, 'param settings'));
const own = keysOf(blockOf(functionapp, 'var ownSettings'));
const hosts = keysOf(blockOf(functionapp, 'var hostSettings'));

verifies('infra:roles', 'the identity may count the bells that wait, on their queue and nowhere else', () => {
  const assignment = blockOf(servicebus, 'resource access');

  // Azure Service Bus Data Owner.
  expect(servicebus.text).toContain("var dataOwner = '090c5cfd-751d-490a-894a-3ce6f1109419'");
  expect(assignment).toMatch(/scope: bells\n/);
  expect(assignment).toMatch(/roleDefinitionId: subscriptionResourceId\('Microsoft.Authorization\/roleDefinitions', dataOwner\)/);
  expect(servicebus.text.match(/roleAssignments@/g)).toHaveLength(1);
});

verifies('infra:roles', 'each container is granted by itself, and of the audit trail no line can be changed', () => {
  const [assignment, append] = [blockOf(cosmos, 'resource access '), blockOf(cosmos, 'resource appendOnly ')];

  expect(assignment).toContain("roleDefinitionId: item.name == 'audit' ? appendOnly.id : dataContributor");
  expect(assignment).toContain("scope: '${account.id}/dbs/${database.name}/colls/${item.name}'");
  const actions = [...append.matchAll(/'Microsoft\.DocumentDB\/databaseAccounts\/([\w/]+)'$/gm)].map(([, action]) => action);
  const items = 'sqlDatabases/containers/items';
  expect(actions).toEqual(['readMetadata', `${items}/create`, `${items}/read`]);
  // On the account itself nothing but where it is.
  const onAccount = cosmos.text.match(/roleDefinitionId: .*scope: account\.id/g);
  expect(onAccount).toEqual(['roleDefinitionId: metadata.id, scope: account.id']);
  expect(blockOf(cosmos, 'resource metadata ')).toContain(
    "dataActions: ['Microsoft.DocumentDB/databaseAccounts/readMetadata'] }",
  );
});

verifies('infra:roles', 'no password of the platform opens the app, and no key a store', () => {
  const policies = blockOf(functionapp, 'resource basicPublishing ');

  expect(policies).toContain("for name in ['scm', 'ftp']: {");
  expect(policies).toContain('parent: app\n');
  expect(policies).toContain('properties: { allow: false }');
  for (const { text } of [cosmos, servicebus]) expect(text).toContain('disableLocalAuth: true');
  expect(functionapp.text).toContain('allowSharedKeyAccess: false');
});

verifies('infra:settings', 'the host reads no longer body than the application reckons with', () => {
  const { Values: sample } = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as { Values: Record<string, string> };

  const [, set] = /^ {2}FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '(\d+)'$/m.exec(blockOf(functionapp, 'var hostSettings')) ?? [];

  expect(set).toBe('4194304');
  expect(set).toBe(sample['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT']);
  expect(functionapp.text).toMatch(/properties: union\(settings, ownSettings, hostSettings, references\)/);
});

verifies('infra:settings', 'every variable that must be set is, each once, and no other than there are', () => {
  const given = [...decided, ...own, ...hosts, ...secrets];
  const isNeeded = (name: string) => !Settings.shape[name as keyof Settings].safeParse(undefined).success;
  const needed = Object.keys(Settings.shape).filter(isNeeded);
  const ofHost = /^(AzureWebJobsStorage__\w+|FUNCTIONS_REQUEST_BODY_SIZE_LIMIT|SERVICE_BUS__(credential|clientId))$/;

  expect(new Set(given).size).toBe(given.length);
  expect(needed.filter((name) => !given.includes(name))).toEqual([]);
  expect(given.filter((name) => !(name in Settings.shape) && !ofHost.test(name))).toEqual([]);
  // One of the two ways to reach Service Bus, and of the two to prove who we are.
  expect(given).toEqual(expect.arrayContaining(['SERVICE_BUS__fullyQualifiedNamespace', 'MANAGED_IDENTITY_CLIENT_ID']));
  // Flex Consumption takes these from elsewhere, and refuses them here.
  expect(functionapp.text).not.toMatch(/FUNCTIONS_(WORKER|EXTENSION)|WEBSITE_|linuxFxVersion|SCM_DO_BUILD|AzureWebJobsStorage:/);
});

verifies('infra:key-vault', 'what is secret stands in Key Vault alone, and the app resolves it as its own identity', () => {
  const reference = blockOf(functionapp, 'var references');

  expect(secrets.sort()).toEqual(
    ['BLIND_INDEX_KEY', 'DATABASE_URL', 'OPENAI_API_KEY', 'ORGANISATION_KEY', 'WAHA_API_KEY', 'WAHA_HMAC_KEYS'].sort(),
  );
  expect([...decided, ...own].filter((name) => /KEY|SECRET|PASSWORD|DATABASE_URL/.test(name))).toEqual([]);
  expect(reference).toContain("'@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${replace(name, '_', '-')})'");
  expect(blockOf(functionapp, 'resource app ')).toMatch(/keyVaultReferenceIdentity: identityId\n/);
  // Key Vault Secrets User; what it wraps is lost with it, so nothing is purged.
  expect(keyvault.text).toContain("var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'");
  expect(keyvault.text).toMatch(/enableRbacAuthorization: true\n[^}]*enablePurgeProtection: true\n/);
  expect(readAll().filter(({ text }) => /vaults\/secrets|listKeys\(/.test(text))).toEqual([]);
});

verifies('infra:modules', 'each module gets what it asks for and nothing else, and only what it gives is used', () => {
  const main = readBicep('infra-bicep/main.bicep');
  const calls = [...main.text.matchAll(/^module (\w+) '(modules\/[\w-]+\.bicep)'/gm)];

  expect(calls.map(([, , path]) => `infra-bicep/${path}`).sort()).toEqual(
    readAll()
      .map(({ path }) => path)
      .filter((path) => path.includes('modules/')),
  );
  for (const [, symbol = '', path = ''] of calls) {
    const called = readBicep(`infra-bicep/${path}`);
    const given = keysOf(blockOf(main, `module ${symbol} `), '    ');
    const used = [...main.text.matchAll(new RegExp(`\\b${symbol}\\.outputs\\.(\\w+)`, 'g'))].map(([, name = '']) => name);
    expect(
      given.filter((name) => !called.params.has(name)),
      path,
    ).toEqual([]);
    expect(
      [...called.params].filter(([name, { isRequired }]) => isRequired && !given.includes(name)),
      path,
    ).toEqual([]);
    expect(
      used.filter((name) => !called.outputs.includes(name)),
      path,
    ).toEqual([]);
  }
});

verifies('infra:modules', 'the containers are those that the sandbox makes', () => {
  const declared = [...cosmos.text.matchAll(/\{ name: '([\w-]+)', partitionKey: '([/\w]+)', indexed: \[(.*?)\] \}/g)];

  const wanted = Containers.parse(containers).map(({ name, partitionKey, indexingPolicy: { includedPaths } }) => [
    ...[name, partitionKey],
    includedPaths.map(({ path }) => path),
  ]);
  expect(declared.map(([, name, partitionKey, indexed = '']) => [name, partitionKey, indexed.match(/[^', ]+/g) ?? []])).toEqual(
    wanted,
  );
});

const describedTypes = contractsDirectory === undefined ? undefined : join(contractsDirectory, 'bicep-types.json');

if (describedTypes === undefined) test.skip('infra:modules — needs the vendors’ documents: set CONTRACTS_DIR', () => undefined);
else
  verifies('infra:modules', 'every resource is of a type and version that Azure describes', () => {
    const { resources } = JSON.parse(readFileSync(describedTypes, 'utf8')) as { resources: Record<string, number> };

    const made = readAll().flatMap((file) => [...file.resources.values()]);

    expect(made.length).toBeGreaterThan(10);
    expect(made.filter((type) => !(type in resources))).toEqual([]);
  });
