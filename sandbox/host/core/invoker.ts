import { randomUUID } from 'node:crypto';
import type { FunctionsCore, RegisteredFunction } from './core.ts';
import type {
  CoreInvocationContext,
  InvocationModel,
  InvocationRequest,
  InvocationResponse,
  RetryContext,
  TraceContext,
  TypedData,
} from './types.ts';

/** What a trigger hands over: the data of its one binding, and what the application may know of it. */
export interface Invocation {
  readonly invocationId?: string;
  readonly bindingName: string;
  readonly data: TypedData;
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
  readonly traceContext: TraceContext;
  readonly retryContext?: RetryContext;
}

export interface Invoker {
  /** Runs a function once; what it or a hook throws is thrown, a time-out too. */
  invoke(registered: RegisteredFunction, invocation: Invocation): Promise<InvocationResponse>;
  /** The names of what runs now. */
  running(): string[];
}

export interface InvokerOptions {
  readonly core: FunctionsCore;
  /** `undefined` is without bound. */
  readonly timeoutMs: number | undefined;
}

export function createInvoker({ core, timeoutMs }: InvokerOptions): Invoker {
  const running = new Map<string, string>();
  return {
    running: () => [...running.values()],
    async invoke(registered, invocation) {
      const invocationId = invocation.invocationId ?? randomUUID();
      const { name } = registered.metadata;
      running.set(invocationId, name);
      try {
        return await within(timeoutMs, { name, invocationId }, runOnce({ core, registered, invocation, invocationId }));
      } catch (error) {
        const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
        core.log({
          level: 'error',
          category: 'system',
          message: `Executed 'Functions.${name}' (Failed, Id=${invocationId}): ${shown}`,
        });
        throw error;
      } finally {
        running.delete(invocationId);
      }
    },
  };
}

async function within<T>(
  timeoutMs: number | undefined,
  which: { name: string; invocationId: string },
  work: Promise<T>,
): Promise<T> {
  if (timeoutMs === undefined) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const seconds = timeoutMs / 1_000;
    const text = `Timeout value of ${seconds} s exceeded by function 'Functions.${which.name}' (Id: '${which.invocationId}').`;
    timer = setTimeout(() => reject(new Error(text)), Math.min(timeoutMs, 2 ** 31 - 1));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

interface Run {
  readonly core: FunctionsCore;
  readonly registered: RegisteredFunction;
  readonly invocation: Invocation;
  readonly invocationId: string;
}

/** The order of the real worker: arguments, hooks before, the function, hooks after, the response. */
async function runOnce(run: Run): Promise<InvocationResponse> {
  const { core, registered } = run;
  const { context: coreContext, knows } = createCoreContext(run);
  const programmingModel = core.model();
  if (!programmingModel) throw new Error('the application set no programming model');
  const model = await programmingModel.getInvocationModel(coreContext);
  const { context, inputs } = await model.getArguments();
  knows(context);

  const shared = { hookData: {}, appHookData: core.appHookData, invocationContext: context };
  const before = { ...shared, inputs, functionCallback: registered.callback };
  await during(coreContext, 'preInvocationHooks', () => core.runHooks('preInvocation', before));

  const after: { result: unknown; error: unknown } & typeof shared = { ...shared, ...(await call(coreContext, model, before)) };
  const withInputs = Object.assign(after, { inputs: before.inputs });
  await during(coreContext, 'postInvocationHooks', () => core.runHooks('postInvocation', withInputs));
  if (withInputs.error !== null && withInputs.error !== undefined) throw asError(withInputs.error);
  return model.getResponse(context, withInputs.result);
}

interface Callable {
  readonly invocationContext: unknown;
  readonly inputs: unknown[];
  readonly functionCallback: RegisteredFunction['callback'];
}

async function call(
  coreContext: CoreInvocationContext,
  model: InvocationModel,
  { invocationContext, inputs, functionCallback }: Callable,
) {
  try {
    const result = await during(coreContext, 'invocation', () =>
      model.invokeFunction(invocationContext, inputs, functionCallback),
    );
    return { result, error: null };
  } catch (error) {
    return { result: null, error };
  }
}

async function during<T>(
  context: CoreInvocationContext,
  state: CoreInvocationContext['state'],
  work: () => Promise<T>,
): Promise<T> {
  context.state = state;
  try {
    return await work();
  } finally {
    context.state = undefined;
  }
}

function createCoreContext({ core, registered, invocation, invocationId }: Run) {
  let invocationContext: unknown;
  const { bindingName, data, triggerMetadata, traceContext, retryContext } = invocation;
  const request: InvocationRequest = {
    invocationId,
    functionId: registered.metadata.functionId ?? registered.metadata.name,
    inputData: [{ name: bindingName, data }],
    ...(triggerMetadata ? { triggerMetadata } : {}),
    traceContext,
    ...(retryContext ? { retryContext } : {}),
  };
  const context: CoreInvocationContext = {
    invocationId,
    request,
    metadata: registered.metadata,
    state: undefined,
    log: (level, category, message) => core.log({ level, category, message, invocationContext }),
  };
  return { context, knows: (known: unknown) => void (invocationContext = known) };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
