import { performance } from 'node:perf_hooks';
import { startApplication } from './core/start-application.ts';
import { readFunctions } from './functions.ts';
import { loadHostJson } from './host-json.ts';
import { startTime } from './host-time.ts';
import { levelFilter } from './log-level.ts';
import { disableNagle } from './no-delay.ts';
import type { FunctionsHost, FunctionsHostOptions } from './options.ts';
import { addLocalSettings, type Settings } from './settings.ts';
import { startListening } from './start-listening.ts';

/** Starts the application of `root` as the real host would; at most one in a process, whose time and core it changes. */
export async function createFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const startedAtMs = performance.now();
  const settings: Settings = options.environment ?? process.env;
  addLocalSettings(options.root, settings);
  const hostJson = loadHostJson(options.root, settings);
  const log = levelFilter(hostJson.logging.logLevel, options.log ?? (() => undefined));
  disableNagle();

  const time = await startTime(options.clockUrl, log);
  try {
    const { core, capabilities } = await startApplication(options, log);
    const functions = readFunctions(core, { settings, hostJson });
    if (functions.length === 0) log('warning', 'No job functions found: the entry point registers none.');
    return await startListening({
      options,
      settings,
      hostJson,
      log,
      core,
      functions,
      time,
      httpUri: capabilities['HttpUri'],
      startedAtMs,
    });
  } catch (error) {
    await time.stop();
    throw error;
  }
}
