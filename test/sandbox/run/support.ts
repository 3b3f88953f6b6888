import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SandboxOptions } from '../../../sandbox/run/options.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/run/sandbox.ts';

/** A sandbox for one test, on free ports, without the vendors that take long to start; nobody is signed in. */
export async function runSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({
    onboard: [],
    applicationRoot: join(import.meta.dirname, 'app'),
    ...options,
    environment: { ...elsewhere, ...options.environment },
  });
  onTestFinished(sandbox.close);
  return sandbox;
}

/** Settings by which Postgres and storage are somewhere else. */
export const elsewhere = {
  DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
};

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Asks the sandbox's own API. */
export async function ask({ url }: Pick<Sandbox, 'url'>, route: string, body?: unknown): Promise<Answer> {
  const [method = 'GET', path = '/'] = route.split(' ');
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

export async function until(holds: () => boolean | Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`After ${timeoutMs} ms it does not hold: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
