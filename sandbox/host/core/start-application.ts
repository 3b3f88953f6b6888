import { createCore, type FunctionsCore, type HostLog } from './core.ts';
import { installCore } from './install-core.ts';
import { findEntries, loadEntries } from './load-app.ts';

export interface StartedApplication {
  readonly core: FunctionsCore;
  readonly capabilities: Readonly<Record<string, string>>;
}

/** Core, entry point, appStart hooks, capabilities, lock: the order of the real worker. */
export async function startApplication(
  { root, entry }: { readonly root: string; readonly entry?: string },
  log: HostLog,
): Promise<StartedApplication> {
  const core = createCore(log);
  installCore(core.api);
  await loadEntries(findEntries(root, entry));
  await core.runHooks('appStart', { hookData: appOnlyHookData, appHookData: core.appHookData, functionAppDirectory: root });
  const capabilities = (await core.model()?.getCapabilities(workerCapabilities())) ?? {};
  core.lock();
  return { core, capabilities };
}

/** Runs the hooks of an application that ends. */
export async function endApplication(core: FunctionsCore): Promise<void> {
  await core.runHooks('appTerminate', { hookData: appOnlyHookData, appHookData: core.appHookData });
}

const appOnlyHookData: Record<string, unknown> = {};

function workerCapabilities(): Record<string, string> {
  const names = [
    'RawHttpBodyBytes',
    'RpcHttpTriggerMetadataRemoved',
    'RpcHttpBodyOnly',
    'IgnoreEmptyValuedRpcHttpHeaders',
    'UseNullableValueDictionaryForHttp',
    'WorkerStatus',
    'TypedDataCollection',
    'HandlesWorkerTerminateMessage',
  ];
  return Object.fromEntries(names.map((name) => [name, 'true']));
}
