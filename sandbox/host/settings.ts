import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Application settings: the environment, which local.settings.json fills up as Core Tools do. */
export type Settings = Record<string, string | undefined>;

const LocalSettings = z.object({
  IsEncrypted: z.boolean().default(false),
  Values: z.record(z.string(), z.coerce.string()).default({}),
  ConnectionStrings: z.record(z.string(), z.coerce.string()).default({}),
});

/** Adds the values of local.settings.json that the environment does not have, to the environment itself. */
export function addLocalSettings(root: string, settings: Settings): void {
  const path = join(root, 'local.settings.json');
  if (!existsSync(path)) return;
  const parsed = LocalSettings.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path} cannot be used:\n${z.prettifyError(parsed.error)}`);
  const { IsEncrypted, Values, ConnectionStrings } = parsed.data;
  if (IsEncrypted) throw new Error(`${path} is encrypted: decrypt it with \`func settings decrypt\``);
  for (const [name, value] of Object.entries(Values)) settings[name] ??= value;
  for (const [name, value] of Object.entries(ConnectionStrings)) settings[`ConnectionStrings__${name}`] ??= value;
}

/** Replaces each `%SETTING%`; one that is not set is an error that names it. */
export function resolveExpressions(text: string, settings: Settings): string {
  return text.replace(/%([^%]+)%/g, (expression, name: string) => {
    const value = settings[name];
    if (value === undefined || value === '')
      throw new Error(`'${expression}' does not resolve to a value: the setting ${name} is missing`);
    return value;
  });
}

/** How to reach a service: with a connection string, or by an address with the identity of the process. */
export type Connection =
  { readonly connectionString: string } | { readonly address: string; readonly accountName?: string; readonly clientId?: string };

/**
 * The connection `name` of a trigger, looked up in the order of the real host: `AzureWebJobs<name>`, then `<name>`, each
 * as a connection string or as a section with one of `addressKeys`.
 */
export function findConnection(name: string, settings: Settings, addressKeys: readonly string[]): Connection {
  const candidates = [`AzureWebJobs${name}`, name, `ConnectionStrings__${name}`];
  for (const candidate of candidates) {
    const connectionString = settings[candidate];
    if (connectionString !== undefined && connectionString !== '') return { connectionString };
    const section = (key: string) => settings[`${candidate}__${key}`] ?? settings[`${candidate}:${key}`];
    const address = addressKeys.map(section).find((value) => value !== undefined && value !== '');
    const accountName = section('accountName');
    const clientId = section('clientId');
    const identity = clientId === undefined || clientId === '' ? {} : { clientId };
    if (address !== undefined) return { address, ...identity };
    if (accountName !== undefined) return { address: '', accountName, ...identity };
  }
  const addresses = addressKeys.map((key) => `${name}__${key}`).join(' or ');
  throw new Error(`the connection '${name}' is not set: give ${name} a connection string, or set ${addresses}`);
}

/** `AzureWebJobs.<name>.Disabled=true`, or with underscores where a shell takes no dots. */
export function isDisabled(functionName: string, settings: Settings): boolean {
  const value = settings[`AzureWebJobs.${functionName}.Disabled`] ?? settings[`AzureWebJobs_${functionName}_Disabled`];
  return value?.toLowerCase() === 'true' || value === '1';
}
