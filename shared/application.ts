import { loadSettings } from './config/config.ts';
import { endsWithin } from './core/abort.ts';
import type { AppError } from './core/errors.ts';
import { errorFields, isTold, log } from './telemetry/index.ts';
import type { Basis } from './wiring/basis.ts';
import type { HealthWork } from './wiring/health.ts';
import type { McpWork } from './wiring/mcp.ts';
import type { SignInWork } from './wiring/sign-in.ts';
import { startTelemetry, type Telemetry } from './wiring/telemetry.ts';
import type { WakeWork } from './wiring/wake.ts';
import type { WebhookWork } from './wiring/webhook.ts';

// The host gives a worker five seconds to end; what is left of telemetry goes last.
const closeWithinMs = 1_500;
const exportWithinMs = 3_000;

/**
 * The application, one getter for each kind of work: each loads its part of wiring/ when first asked, so that a trigger
 * pays for what it uses alone. Settings are checked at the first of them, and all at once.
 */
export interface Application {
  /** Checks all settings now; answers whether warnings and errors are exported by us. @throws {AppError} `settings`, naming every bad one. */
  start(): { readonly exportsLogs: boolean };
  /** An invocation begins. */
  begun(): void;
  /** An invocation ended; an error that nothing told of yet is told. */
  ended(name: string, error: unknown): void;
  webhook(): Promise<WebhookWork>;
  wake(): Promise<WakeWork>;
  signIn(): Promise<SignInWork>;
  health(): Promise<HealthWork>;
  mcp(): Promise<McpWork>;
  /** Puts an error that is about to be answered into the log; a refusal is told where it is refused. */
  tell(error: AppError): void;
  /** Lets go of every connection, within five seconds whatever hangs; afterwards nothing works. */
  close(): Promise<void>;
}

export function createApplication(environment?: NodeJS.ProcessEnv): Application {
  let telemetry: Telemetry | undefined;
  const closers: (() => Promise<void>)[] = [];
  const settings = once(() => {
    const loaded = loadSettings(environment);
    telemetry = startTelemetry(loaded);
    return loaded;
  });
  const basis = once(async (): Promise<Basis> => {
    const { createBasis } = await import('./wiring/basis.ts');
    const made = createBasis(settings());
    closers.push(made.close);
    return made;
  });
  return {
    start() {
      settings();
      return { exportsLogs: telemetry?.exportsLogs ?? false };
    },
    begun: () => telemetry?.begun(),
    ended(name, error) {
      if (error !== null && error !== undefined && !isTold(error))
        log('error', 'invocation.failed', { name, ...errorFields(error) });
      telemetry?.ended();
    },
    tell(error) {
      if (error.code !== 'unauthorized') log('error', 'request.failed', errorFields(error));
    },
    webhook: once(async () => (await import('./wiring/webhook.ts')).createWebhookWork(await basis())),
    wake: once(async () => {
      const work = (await import('./wiring/wake.ts')).createWakeWork(await basis());
      closers.push(work.close);
      return work;
    }),
    signIn: once(async () => (await import('./wiring/sign-in.ts')).createSignInWork(await basis())),
    health: once(async () => (await import('./wiring/health.ts')).createHealthWork(await basis())),
    mcp: once(async () => (await import('./wiring/mcp.ts')).createMcpWork(await basis())),
    async close() {
      const closing = Promise.allSettled(closers.splice(0).map((close) => close()));
      if (!(await endsWithin(closing, closeWithinMs))) log('warn', 'close.cut-off', { after: closeWithinMs });
      if (telemetry) await endsWithin(telemetry.close(), exportWithinMs);
    },
  };
}

/** Makes it once; a promise that failed is forgotten, so that the next call tries again. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    if (made) return made.value;
    made = { value: make() };
    if (made.value instanceof Promise) {
      made.value.catch(() => {
        made = undefined;
      });
    }
    return made.value;
  };
}
