import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxServer } from './server.ts';
import type { StandIns } from './stand-ins.ts';

/** What is under way, in words; nothing where all is idle. */
export function findWork({ waha, servicebus, cosmos }: StandIns, server: SandboxServer): string[] {
  const pending = waha?.deliveries().filter(({ status }) => status === 'pending').length ?? 0;
  return [
    ...(pending > 0 ? [`${pending} webhooks pending`] : []),
    ...(waha?.busy() ? ['WAHA is busy'] : []),
    ...(servicebus?.busy() ? ['a bell is active or locked'] : []),
    ...(server.busy() || cosmos?.busy() ? ['a vendor call is open'] : []),
  ];
}

// Between the answer of one vendor and the call of the next there is a moment without any.
const quietMs = 200;

export async function waitUntilIdle(work: () => string[], timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let quietSince = performance.now();
  while (performance.now() - quietSince < quietMs) {
    await sleep(10);
    const left = work();
    if (left.length === 0) continue;
    quietSince = performance.now();
    if (quietSince > deadline) throw new Error(`after ${timeoutMs} ms the sandbox is not idle: ${left.join(', ')}`);
  }
}
