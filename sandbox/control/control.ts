import type { Context, Env, Handler } from 'hono';
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { SandboxContext } from '../kit/context.ts';
import type { StandIns } from '../run/stand-ins.ts';
import type { SeedPerson } from '../seed/people.ts';
import type { ClockFollowers } from './clock-followers.ts';

/** `GET /sandbox/status`. */
export interface SandboxStatus {
  readonly ready: boolean;
  readonly idle: boolean;
  /** ISO 8601. */
  readonly clock: string;
  readonly app: { readonly pid: number | null; readonly starts: number };
  readonly ports: Readonly<Record<string, number>>;
  readonly webhook: { readonly url: string; readonly key: string } | null;
}

/** What the routes under /sandbox act on. */
export interface Control {
  readonly context: SandboxContext;
  readonly standIns: StandIns;
  readonly people: readonly SeedPerson[];
  readonly clock: ClockFollowers;
  status(): SandboxStatus;
}

export interface ControlEnv extends Env {
  Bindings: { readonly incoming: IncomingMessage };
}
export type ControlHandler = Handler<ControlEnv>;

/** What a route answers when it cannot do what was asked. */
export class ControlError extends Error {
  readonly status: 400 | 404 | 409;

  constructor(status: 400 | 404 | 409, message: string) {
    super(message);
    this.status = status;
  }
}

/** @throws {ControlError} 409 where the vendor is a real one. */
export function standIn<Name extends keyof StandIns>({ standIns }: Control, name: Name): NonNullable<StandIns[Name]> {
  const found = standIns[name];
  if (found === undefined) throw new ControlError(409, `${name} is not played here: the settings name a real one.`);
  return found;
}

/** @throws {ControlError} 400 with what is wrong about the body. */
export async function readJson<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  let body: unknown;
  try {
    body = await c.req.json();
  } catch {
    throw new ControlError(400, 'The body is no JSON.');
  }
  return parse(schema, body);
}

/** @throws {ControlError} 400 with what is wrong about the value. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ControlError(400, explain(parsed.error));
}

export function explain({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join('; ');
}

/** @throws {ControlError} `status` for a phone that nobody of the seed has. */
export function personWithPhone({ people }: Control, phone: string, status: 400 | 404): SeedPerson {
  const found = people.find((person) => person.phone === phone);
  if (found) return found;
  const known = people.map((person) => `${person.phone} (${person.name})`).join(', ');
  throw new ControlError(status, `Nobody here has the phone ${phone}; there are ${known}.`);
}
