import { rmSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readGivenSettings } from './local-settings.ts';
import { addInstance } from './add-instance.ts';
import { isFree, PortInUse } from './ports.ts';
import type { Settings } from './real-vendors.ts';
import { startSandbox } from './sandbox.ts';
import { untilAskedToEnd } from './until-asked-to-end.ts';
import { welcome } from './welcome.ts';

export interface CommandLine {
  readonly args: readonly string[];
  readonly environment: Settings;
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

const usage = [
  'usage: npm start [-- --fresh]            begin with empty state',
  '       npm start -- --without-app       the vendors alone, for another Functions host',
  '       npm run start:app                one more application',
  '       npm run start:package            with the application from its package',
].join('\n');
const repository = fileURLToPath(new URL('../../', import.meta.url));
const usualPorts = { sandbox: 7080, application: 7071 };

/** `npm start` and `npm run start:app`, until Ctrl-C. Answers the exit code. */
export async function startFromCommandLine(commandLine: CommandLine): Promise<number> {
  const { error } = commandLine;
  try {
    const { onlyApp, help, ...flags } = parseFlags(commandLine.args);
    if (help) commandLine.out(usage);
    else if (onlyApp) await runInstance(commandLine);
    else await runSandbox(commandLine, flags);
    return 0;
  } catch (failure) {
    error(failure instanceof Error ? failure.message : String(failure));
    return 1;
  }
}

interface Flags {
  readonly fresh: boolean;
  readonly withApplication: boolean;
  readonly applicationPackage: string | undefined;
}

function parseFlags(args: readonly string[]): Flags & { onlyApp: boolean; help: boolean } {
  const flag = { type: 'boolean', default: false } as const;
  const options = { fresh: flag, 'without-app': flag, 'only-app': flag, help: flag, package: { type: 'string' } } as const;
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch {
    throw new Error(usage);
  }
  const { fresh, help } = values;
  const applicationPackage = values.package;
  return { fresh, help, onlyApp: values['only-app'], withApplication: !values['without-app'], applicationPackage };
}

async function runSandbox({ environment, out }: CommandLine, { fresh, ...application }: Flags): Promise<void> {
  const port = readPort(environment, 'SANDBOX_PORT', usualPorts.sandbox);
  const applicationPort = readPort(environment, 'PORT', usualPorts.application);
  const directory = stateDirectory(port);
  if (fresh) {
    // Whoever still runs keeps its state.
    if (!(await isFree(port))) throw new PortInUse(port, 'SANDBOX_PORT');
    forget(directory);
  }
  const { asked, signal } = untilAskedToEnd();
  const starting = startSandbox({
    ...{ directory, port, applicationPort, signal, ...application },
    environment: readGivenSettings(repository, environment),
    onLine: out,
  });
  const sandbox = await unlessAborted(starting, signal);
  if (sandbox) {
    out(await welcome(sandbox, relative(process.cwd(), directory)));
    await asked;
  }
  out('Ending …');
  await sandbox?.close();
}

/** Asked to end while it starts, it ends: nothing has failed. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

async function runInstance({ environment, out }: CommandLine): Promise<void> {
  const directory = stateDirectory(readPort(environment, 'SANDBOX_PORT', usualPorts.sandbox));
  const port = readPort(environment, 'PORT', 0);
  const { asked } = untilAskedToEnd();
  const instance = await Promise.race([addInstance({ directory, port, onLine: out }), asked]);
  if (!instance) return;
  out(`One more application: ${instance.url}. Ctrl-C ends it.`);
  await asked;
  out('Ending …');
  await instance.stop();
}

/** Each sandbox has a state of its own: that on another port than usual has it in a folder by its port. */
function stateDirectory(port: number): string {
  const usual = join(repository, '.sandbox');
  return port === usualPorts.sandbox ? usual : join(usual, `at-${port}`);
}

function forget(directory: string): void {
  let entries: string[] = [];
  try {
    entries = readdirSync(directory);
  } catch {
    return; // there is none
  }
  for (const entry of entries.filter((name) => !/^at-\d+$/.test(name))) rmSync(join(directory, entry), { recursive: true });
}

function readPort(environment: Settings, name: string, usual: number): number {
  const given = environment[name] ?? '';
  if (given === '') return usual;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${name} must be a port, 0 to 65535, and not '${given}'.`);
}
