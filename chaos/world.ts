import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox, type SandboxOptions } from '../sandbox/run/sandbox.ts';
import { onboard } from '../sandbox/seed/onboard.ts';
import { people as seed, type SeedPerson } from '../sandbox/seed/people.ts';
import { inventCrowd } from './crowd.ts';
import { textOf, type PlannedMessage } from './messages.ts';
import { createRandom } from '../sandbox/kit/random.ts';
import { createVoice } from './voice.ts';
import { watch, type Watch } from './watch.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly people: number;
  readonly instances?: number | undefined;
  readonly databaseUrl?: string | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly sandbox?: Partial<SandboxOptions> | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
}

/** How a message goes into the world, where that is not the plain way. */
export interface Typing {
  readonly duplicate?: boolean;
  readonly twins?: boolean;
  readonly deliver?: boolean;
  readonly holdMs?: number;
}

/** A message that was typed. */
export interface TypedMessage extends PlannedMessage {
  readonly phone: string;
  readonly lid: string;
  /** WhatsApp's id of it. */
  readonly id: string;
  /** How many boasts had been put right in that chat by then. */
  readonly boastsBefore: number;
}

/** A sandbox with its application, a crowd that is signed in, and a model that repeats what it is told. */
export interface World {
  readonly sandbox: Sandbox;
  readonly crowd: readonly SeedPerson[];
  readonly watch: Watch;
  readonly typed: readonly TypedMessage[];
  type(message: PlannedMessage, how?: Typing): TypedMessage;
  isAnswered(message: TypedMessage): boolean;
  say(line: string): void;
  close(): Promise<void>;
}

/**
 * Short times in the proportions of the real ones: what a worker began ends before an abandoned lease has rested, and a
 * lease is longer than the wait for a vendor and its margin.
 */
export const shortTimes = {
  ...{ LEASE_SECONDS: '4', BEAT_SECONDS: '1', LEASE_MARGIN_SECONDS: '1', TAKEOVER_SECONDS: '3', PARK_SECONDS: '1' },
  ...{ VENDOR_TIMEOUT_SECONDS: '3', MODEL_TIMEOUT_SECONDS: '5', TURN_BUDGET_SECONDS: '30' },
};

// Signing in is work for both sides: more at once only wait for each other.
const signingInAtOnce = 8;

export async function startWorld(options: WorldOptions): Promise<World> {
  const crowd = inventCrowd(options.people);
  const say = options.onLine ?? (() => undefined);
  const sandbox = await startSandbox({
    people: [...seed, ...crowd],
    onboard: [],
    bellLockMs: 6_000,
    longestRestartDelayMs: 250,
    applicationRoot: process.env['CHAOS_APPLICATION_ROOT'],
    environment: {
      ...shortTimes,
      ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
      ...options.environment,
    },
    ...options.sandbox,
  });
  const tellTrouble = (line: string) => {
    if (!line.startsWith('Signing')) say(line);
  };
  try {
    for (let at = 0; at < crowd.length; at += signingInAtOnce) {
      const people = crowd.slice(at, at + signingInAtOnce);
      await onboard({ sandboxUrl: sandbox.url, people, onLine: tellTrouble });
    }
    for (let added = 1; added < (options.instances ?? 1); added += 1) await sandbox.addApplication();
    await sandbox.waitUntilIdle(30_000);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  sandbox.openai.speakWith(createVoice(createRandom(options.seed ^ 0x5eed)));
  return createWorld(sandbox, crowd, say);
}

function createWorld(sandbox: Sandbox, crowd: readonly SeedPerson[], say: World['say']): World {
  const typed: TypedMessage[] = [];
  const watching = watch(sandbox);
  return {
    ...{ sandbox, crowd, typed, say },
    watch: watching,
    type(message, how = {}) {
      const { phone = '', lid = '' } = crowd[message.person % crowd.length] ?? {};
      const { id } = sandbox.waha.receive({ from: phone, text: textOf(message), ...how });
      const one = { ...message, phone, lid, id, boastsBefore: watching.boastsAnswered(lid) };
      typed.push(one);
      return one;
    },
    isAnswered: ({ kind, tag, lid, boastsBefore }) =>
      watching.isAnswered(tag) || (kind === 'boast' && watching.boastsAnswered(lid) > boastsBefore),
    async close() {
      watching.stop();
      await sandbox.close();
    },
  };
}

/** Waits until it holds. @returns whether it did within that time. */
export async function until(holds: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > end) return false;
    await sleep(50);
  }
  return true;
}
