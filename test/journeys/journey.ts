import { afterAll, beforeAll } from 'vitest';
import { postgresForTests } from '../support/postgres.ts';
import type { Faults } from '../../sandbox/kit/faults.ts';
import { people, type SeedPerson } from '../../sandbox/seed/people.ts';
import { startSandbox, type Sandbox } from '../../sandbox/run/sandbox.ts';

/** Whether `DATABASE_URL` names a real PostgreSQL. */
export const onRealPostgres = (process.env['DATABASE_URL'] ?? '') !== '';

export const ana = '+15550100001';
export const ben = '+15550100002';
export const chloe = '+15550100003';
export const dmitri = '+15550100004';
export const eva = '+15550100009';

/** What a phone shows. `fromMe`: the person's own. */
export interface ShownMessage {
  readonly id: string;
  readonly fromMe: boolean;
  readonly text: string;
  readonly timestamp: number;
  readonly ack: number;
}

export interface Journey {
  readonly sandbox: () => Sandbox;
  /** The person types it; answers the message's id. */
  type(phone: string, text: string): Promise<string>;
  /** What the phone shows after that message. */
  shown(phone: string, after: string): Promise<ShownMessage[]>;
  /** What the assistant said after that message, once nothing is under way any more. */
  answersTo(phone: string, after: string): Promise<string[]>;
  /** Types and waits for the answers. */
  ask(phone: string, text: string): Promise<string[]>;
  post(path: string, body: unknown): Promise<unknown>;
  get(path: string): Promise<unknown>;
  /** A vendor fails in this way from now on. */
  fault(fault: Parameters<Faults['add']>[0]): Promise<unknown>;
  clearFaults(): Promise<unknown>;
}

// Short, so that a journey about a dead worker does not take half a minute; never so short that a live one is taken for dead.
const shortTimes = { LEASE_SECONDS: '4', BEAT_SECONDS: '1', LEASE_MARGIN_SECONDS: '1', TAKEOVER_SECONDS: '1', PARK_SECONDS: '1' };

/** The package to run the journeys on; the sources where none is named. */
const applicationPackage = process.env['JOURNEY_PACKAGE'] || undefined;

export interface JourneyOptions {
  readonly environment?: Record<string, string>;
  readonly onLine?: (line: string) => void;
  /** Who is there, and signed in, beside the people of the seed. */
  readonly crowd?: readonly SeedPerson[];
}

/** One sandbox with its application for the tests of a file, in memory, on free ports, its people signed in. */
export function useJourney(options: JourneyOptions = {}): Journey {
  let started: Sandbox | undefined;
  let database: { url: string; close(): Promise<void> } | undefined;
  beforeAll(async () => {
    // A real PostgreSQL, where one is named, in place of the stand-in: a database of its own for each file.
    if (onRealPostgres) database = await postgresForTests();
    started = await startSandbox({
      port: 0,
      applicationPort: 0,
      withApplication: true,
      applicationPackage,
      people: [...people, ...(options.crowd ?? [])],
      environment: { ...shortTimes, ...(database && { DATABASE_URL: database.url }), ...options.environment },
      ...(options.onLine ? { onLine: options.onLine } : {}),
    });
  }, 180_000);
  afterAll(async () => {
    await started?.close();
    await database?.close();
  }, 60_000);

  const sandbox = () => {
    if (started) return started;
    throw new Error('The sandbox has not started');
  };
  const answered = async (response: Response): Promise<unknown> => {
    const body: unknown = await response.json();
    if (response.ok) return body;
    throw new Error(`${response.url} answered ${response.status}: ${JSON.stringify(body)}`);
  };
  const get = async (path: string) => answered(await fetch(`${sandbox().url}${path}`));
  const post = async (path: string, body: unknown) =>
    answered(
      await fetch(`${sandbox().url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
  const shown = async (phone: string, after: string) => {
    const chat = (await get(`/sandbox/chats/${encodeURIComponent(phone)}?after=${after}`)) as { messages: ShownMessage[] };
    return chat.messages;
  };
  const type = async (phone: string, text: string) =>
    ((await post('/sandbox/messages', { from: phone, text })) as { id: string }).id;
  const answersTo = async (phone: string, after: string) => {
    await until(async () => (await shown(phone, after)).some(({ fromMe }) => !fromMe));
    await sandbox().waitUntilIdle(30_000);
    return (await shown(phone, after)).filter(({ fromMe }) => !fromMe).map(({ text }) => text);
  };
  const ask = async (phone: string, text: string) => answersTo(phone, await type(phone, text));
  const fault: Journey['fault'] = (given) => post('/sandbox/faults', given);
  const clearFaults = () => fetch(`${sandbox().url}/sandbox/faults`, { method: 'DELETE' });
  return { sandbox, get, post, shown, type, answersTo, ask, fault, clearFaults };
}

/** Waits until something holds; fails after `timeoutMs` with what was waited for. */
export async function until(holds: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`After ${timeoutMs} ms it still does not hold: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
