import {
  hookNames,
  type FunctionCallback,
  type FunctionMetadata,
  type HookCallback,
  type HookName,
  type LogCategory,
  type LogLevel,
  type ProgrammingModel,
} from './types.ts';

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/** Where a line of the host or of the application goes. */
export type HostLog = (level: LogLevel, message: string) => void;

/** A line on its way: `invocationContext` is there where it was written inside an invocation. */
export interface LogLine {
  readonly level: LogLevel;
  readonly category: LogCategory;
  readonly message: string;
  readonly invocationContext?: unknown;
}

/** The worker's side of the process: what the application registered, and the object it gets for `@azure/functions-core`. */
export interface FunctionsCore {
  readonly api: object;
  functions(): RegisteredFunction[];
  model(): ProgrammingModel | undefined;
  /** After start nothing more may be registered. */
  lock(): void;
  /** Runs the hooks of that name one after the other; what one throws is thrown. */
  runHooks(name: Exclude<HookName, 'log'>, context: object): Promise<void>;
  /** Shared by all hooks of the application. */
  readonly appHookData: Record<string, unknown>;
  log(line: LogLine): void;
}

class FunctionsError extends Error {
  readonly isAzureFunctionsSystemError = true;
}

class FunctionsRangeError extends RangeError {
  readonly isAzureFunctionsSystemError = true;
}

class Disposable {
  readonly #onDispose: () => unknown;
  constructor(onDispose: () => unknown) {
    this.#onDispose = onDispose;
  }
  static from(...disposables: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose();
    });
  }
  dispose(): unknown {
    return this.#onDispose();
  }
}

// The versions of the worker and the host whose contract is played.
const workerVersion = '3.11.1';
const hostVersion = '4.1037.0.0';

/** @see https://github.com/Azure/azure-functions-nodejs-worker, whose texts are used */
export function createCore(log: HostLog): FunctionsCore {
  const functions = new Map<string, RegisteredFunction>();
  const hooks = new Map<HookName, HookCallback[]>(hookNames.map((name) => [name, []]));
  const appHookData: Record<string, unknown> = {};
  let model: ProgrammingModel | undefined;
  let locked = false;

  const registerFunction = (metadata: FunctionMetadata, callback: FunctionCallback) => {
    if (locked) throw new FunctionsError('A function can only be registered during app startup.');
    const id = metadata.functionId ?? metadata.name;
    if (functions.has(id)) throw new FunctionsError(`A function with id "${id}" has already been registered.`);
    functions.set(id, { metadata, callback });
    return new Disposable(() => {
      if (locked) throw new FunctionsError('A function can only be disposed during app startup.');
      functions.delete(id);
    });
  };

  const registerHook = (name: HookName, callback: HookCallback) => {
    const callbacks = hooks.get(name);
    if (!callbacks) throw new FunctionsRangeError(`Unrecognized hook "${name}"`);
    callbacks.push(callback);
    return new Disposable(() => {
      const index = callbacks.indexOf(callback);
      if (index >= 0) callbacks.splice(index, 1);
    });
  };

  const writeLine = createLineWriter({ hooks: () => [...(hooks.get('log') ?? [])], appHookData, log });
  const api = {
    version: workerVersion,
    hostVersion,
    Disposable,
    registerFunction,
    registerHook,
    setProgrammingModel: (given: ProgrammingModel) => void (model = given),
    getProgrammingModel: () => model,
    log: (level: LogLevel, category: LogCategory, message: string) => writeLine({ level, category, message }),
  };

  return {
    api,
    functions: () => [...functions.values()],
    model: () => model,
    lock: () => void (locked = true),
    async runHooks(name, context) {
      for (const callback of [...(hooks.get(name) ?? [])]) await callback(context);
    },
    appHookData,
    log: writeLine,
  };
}

function createLineWriter(options: { hooks: () => HookCallback[]; appHookData: object; log: HostLog }): (line: LogLine) => void {
  let insideHook = false;
  return (line) => {
    const hooks = options.hooks();
    // A hook that logs would otherwise meet itself for ever.
    if (insideHook || hooks.length === 0) {
      options.log(line.level, line.message);
      return;
    }
    const context = { ...line, hookData: {}, appHookData: options.appHookData };
    insideHook = true;
    try {
      for (const hook of hooks) hook(context);
    } finally {
      insideHook = false;
    }
    // Only what the application itself logs may be changed by its hooks.
    const { level, message } = line.category === 'user' ? context : line;
    options.log(level, message);
  };
}
