import { randomUUID } from 'node:crypto';
import type { SandboxClock } from '../kit/clock.ts';
import type { Grants } from './grants.ts';
import type { SigningKey } from './keys.ts';
import type { Tenant } from './tenant.ts';
import type { Tokens } from './tokens.ts';

/** What every endpoint works with. */
export interface EntraState {
  readonly clock: SandboxClock;
  readonly tenant: Tenant;
  readonly grants: Grants;
  readonly tokens: Tokens;
  readonly key: SigningKey;
}

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The id that the client gave its request, wherever it put it, or a new one. */
export function correlationId(request: Request, form?: URLSearchParams): string {
  const name = 'client-request-id';
  const given = [new URL(request.url).searchParams.get(name), form?.get(name), request.headers.get(name)];
  return given.find((id): id is string => typeof id === 'string' && guid.test(id)) ?? randomUUID();
}
