import { join } from 'node:path';
import { createSandboxContext } from '../kit/context.ts';
import { people } from '../seed/people.ts';
import { superviseApplication } from './application.ts';
import { createEnvironment } from './environment.ts';
import { openPorts, type OpenPorts } from './open-ports.ts';
import type { Parts } from './parts.ts';
import { anyPorts, chooseVendorPorts, findFreePort } from './ports.ts';
import { findRealVendors } from './real-vendors.ts';
import type { Sandbox, SandboxOptions } from './options.ts';
import { closeStandIns, createStandIns } from './stand-ins.ts';
import { openStateFolder, writeSecret, type StateFolder } from './state-folder.ts';
import { unpackApplication } from './unpack.ts';
import { witness } from './witness.ts';

export type { Sandbox, SandboxOptions } from './options.ts';

/**
 * Starts every vendor that is not real, the sandbox's own API, and the application under supervision.
 * @throws {PortInUse} and {ApplicationFailed}, with a message for whoever started it; nothing is left running then.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  const begin = async () => {
    const parts = await startParts(options, { onClose: (closer) => void closers.push(closer), close });
    const sandbox = witness(parts);
    if (options.withApplication ?? true) {
      say(options, 'Starting the application …');
      await sandbox.startApplication();
      await sandbox.onboard(options.onboard ?? (options.people ?? people).filter(({ onboarded }) => onboarded));
    }
    return sandbox;
  };
  try {
    return await unlessAborted(begin(), options.signal);
  } catch (error) {
    await close();
    throw error;
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('The start was given up.')), { once: true });
    work.then(resolve, reject);
  });
}

const usualBellLockMs = 30_000;

const say = ({ onLine }: SandboxOptions, line: string) => onLine?.(line);

async function startParts(options: SandboxOptions, closing: Pick<Parts, 'onClose' | 'close'>): Promise<Parts> {
  const { directory, environment: settings = {} } = options;
  // The ports come first: whoever holds them also holds the state.
  const open = await openPorts(options.port ?? 0, options.applicationPort ?? 0);
  closing.onClose(open.server.close);
  const root = applicationRoot(options, closing);
  const state = openStateFolder(directory);
  const context = createSandboxContext({
    ...(directory === undefined ? {} : { directory }),
    clockOffsetMs: state.clockOffsetMs,
  });
  closing.onClose(context.clock.stop);

  const real = findRealVendors(settings);
  for (const [vendor, setting] of real) say(options, `${vendor} is a real one: ${setting} is set.`);
  say(options, 'Starting the vendors …');
  const { url: sandboxUrl, applicationUrl } = open;
  const standIns = await createStandIns(context, {
    ...{ real, sandboxUrl, applicationUrl },
    ports: await vendorPorts(options, open, state),
    publicUrl: settings['PUBLIC_URL'] ?? applicationUrl,
    people: options.people ?? people,
    bellLockMs: options.bellLockMs ?? usualBellLockMs,
    staleReadMs: options.staleReadMs,
  });
  closing.onClose(() => closeStandIns(standIns));
  const environment = createEnvironment({ sandboxUrl, applicationUrl, keys: state, standIns, settings });
  if (directory !== undefined)
    writeSecret(join(directory, 'application.json'), { sandboxUrl, applicationUrl, environment, root });

  const supervise = (number: number, port: number) => {
    const application = superviseApplication({
      ...{ port, environment },
      url: `http://127.0.0.1:${port}`,
      root,
      ...(directory === undefined ? {} : filesOf(directory, number)),
      longestRestartDelayMs: options.longestRestartDelayMs,
      onLine: (line) => say(options, line),
    });
    context.applications.add(application.pid);
    closing.onClose(application.stop);
    return application;
  };
  const application = supervise(1, open.applicationPort);
  let instances = 1;
  const another = async () => {
    const port = await findFreePort();
    const added = supervise((instances += 1), port);
    await added.start();
    return { ...added, url: `http://127.0.0.1:${port}` };
  };
  return { options, context, open, state, real, standIns, environment, application, another, ...closing };
}

function applicationRoot(options: SandboxOptions, { onClose }: Pick<Parts, 'onClose'>): string | undefined {
  if (options.applicationPackage === undefined) return options.applicationRoot;
  const { root, remove } = unpackApplication(options.applicationPackage);
  onClose(remove);
  return root;
}

function filesOf(directory: string, number: number) {
  return {
    stateDirectory: join(directory, 'host'),
    logFile: join(directory, number === 1 ? 'application.log' : `application-${number}.log`),
  };
}

/** Any free ones, or those beside the application's where that has its own. */
async function vendorPorts(options: SandboxOptions, { server, applicationPort }: OpenPorts, state: StateFolder) {
  if ((options.applicationPort ?? 0) === 0) return anyPorts;
  const besides = `${applicationPort}/${server.port}`;
  const earlier = state.portsBeside(besides);
  const ports = await chooseVendorPorts({ applicationPort, sandboxPort: server.port, earlier });
  state.keepPorts(besides, ports);
  return ports;
}
