import { createClockFollowers } from '../control/clock-followers.ts';
import type { SandboxStatus } from '../control/control.ts';
import { onboard } from '../seed/onboard.ts';
import { organisation } from '../seed/organisation.ts';
import { people as everybody, type SeedPerson } from '../seed/people.ts';
import { findWork, waitUntilIdle } from './idle.ts';
import type { Sandbox } from './options.ts';
import type { Parts } from './parts.ts';
import { webhookUrl, type StandIns } from './stand-ins.ts';

/** The running sandbox as its API and its tests see it; from now on /sandbox is answered. */
export function witness(parts: Parts): Sandbox {
  const { context, standIns, application, open, options } = parts;
  const work = () => findWork(standIns, open.server);
  const ports = portsOf(parts);
  const clock = createClockFollowers(context.clock, parts.state.keepClock);
  parts.onClose(clock.stop);
  let signingIn = options.withApplication !== false;

  const status = (): SandboxStatus => ({
    ready: application.healthy() && !signingIn,
    idle: work().length === 0,
    clock: new Date(context.clock.now()).toISOString(),
    app: { pid: application.pid() ?? null, starts: application.starts() },
    ports,
    webhook: standIns.waha ? { url: webhookUrl(open.applicationUrl), key: organisation.waha.hmacKey } : null,
  });
  open.server.open({ context, standIns, people: options.people ?? everybody, clock, status });

  return Object.assign(mustBePlayed(standIns), {
    ...{ context, standIns, ports },
    url: open.url,
    applicationUrl: open.applicationUrl,
    environment: parts.environment,
    ...{ pid: application.pid, starts: application.starts, healthy: application.healthy },
    applicationOutput: application.output,
    startApplication: application.start,
    killApplication: (signal: NodeJS.Signals = 'SIGKILL') => application.kill(signal),
    stopApplication: application.stop,
    addApplication: parts.another,
    async onboard(whom: readonly SeedPerson[]) {
      await signIn(parts, whom);
      signingIn = false;
    },
    idle: () => work().length === 0,
    waitUntilIdle: (timeoutMs: number) => waitUntilIdle(work, timeoutMs),
    async advanceClock(seconds: number) {
      await clock.advance(seconds * 1_000);
    },
    close: parts.close,
  });
}

const settleMs = 5_000;

async function signIn({ standIns, open, options }: Parts, whom: readonly SeedPerson[]): Promise<void> {
  if (whom.length === 0 || !standIns.waha || !standIns.entra) return;
  const onLine = options.onLine ?? (() => undefined);
  await onboard({ sandboxUrl: open.url, people: whom, onLine });
  // What still goes on, as acks, goes on after the start as well.
  await waitUntilIdle(() => findWork(standIns, open.server), settleMs).catch(() => undefined);
}

function portsOf({ open, standIns }: Parts): Record<string, number> {
  const { servicebus, cosmos, postgres, storage } = standIns;
  return {
    application: open.applicationPort,
    sandbox: open.server.port,
    ...(servicebus && { servicebus: servicebus.port }),
    ...(cosmos && { cosmos: cosmos.port }),
    ...(postgres && { postgres: postgres.port }),
    ...storage?.ports,
  };
}

/** Every stand-in by its name; one that is not there says so when it is asked for. */
function mustBePlayed(standIns: StandIns): Pick<Sandbox, Exclude<keyof StandIns, 'otlp'> | 'collector'> {
  const must = <Name extends keyof StandIns>(name: Name): NonNullable<StandIns[Name]> => {
    const found = standIns[name];
    if (found === undefined) throw new TypeError(`${name} is not played in this sandbox`);
    return found;
  };
  return {
    get waha() {
      return must('waha');
    },
    get msgraph() {
      return must('msgraph');
    },
    get entra() {
      return must('entra');
    },
    get openai() {
      return must('openai');
    },
    get cosmos() {
      return must('cosmos');
    },
    get servicebus() {
      return must('servicebus');
    },
    get postgres() {
      return must('postgres');
    },
    get storage() {
      return must('storage');
    },
    get collector() {
      return must('otlp');
    },
  };
}
