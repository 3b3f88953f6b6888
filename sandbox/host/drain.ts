import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionsCore, HostLog } from './core/core.ts';
import type { Invoker } from './core/invoker.ts';
import { endApplication } from './core/start-application.ts';
import type { HostTime } from './host-time.ts';
import type { HttpServer } from './http/server.ts';
import type { Listeners } from './listeners.ts';

// A vendor that is gone must not hold the end up.
const closeTimeoutMs = 2_000;

interface Listening {
  readonly core: FunctionsCore;
  readonly invoker: Invoker;
  readonly listeners: Listeners;
  readonly server: HttpServer;
  readonly time: HostTime;
  readonly log: HostLog;
  busy(): boolean;
}

/** Stops listening, waits for what runs, at most so long, runs the appTerminate hooks and closes. */
export async function drain(listening: Listening, timeoutMs: number): Promise<void> {
  const { core, invoker, listeners, server, time, log, busy } = listening;
  const deadline = performance.now() + timeoutMs;
  server.stop();
  await atMost(timeoutMs, listeners.stop());
  while (busy() && performance.now() < deadline) await sleep(20);
  if (busy()) log('warning', `stopped while still running: ${invoker.running().join(', ')}`);
  await endApplication(core);
  await atMost(closeTimeoutMs, Promise.all([server.close(), listeners.close(), time.stop()]));
}

async function atMost(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, sleep(timeoutMs, undefined, { ref: false })]);
}
