import { within } from '../../core/abort.ts';
import { AppError, asAppError } from '../../core/errors.ts';
import { deriveId } from '../../core/ids.ts';
import { roleFromAppRoles } from '../../core/roles.ts';
import type { Ports } from '../../ports/index.ts';
import { noGrant, TokenContent, type TokenDocument } from '../../ports/people.ts';
import { errorFields, log, withSpan } from '../../telemetry/index.ts';

/** Access tokens of people for Microsoft Graph. */
export interface TokenSource {
  /** @throws {AppError} `sign-in-required` when only the person can renew the grant; retryable ones as `Authority`. */
  tokenFor(personId: string, signal?: AbortSignal): Promise<string>;
  /** Forgets what this process keeps of the person: they signed in anew, or Graph refused the token. */
  forget(personId: string): void;
}

type Needs = Pick<Ports, 'people' | 'dataKeys' | 'authority' | 'clock' | 'audit'>;
type Stored = { readonly document: TokenDocument; readonly version: string };

interface Kept {
  readonly accessToken: string;
  readonly expiresAtMs: number;
  /** The version of the document it came from, and when that was last seen. */
  readonly version: string;
  readonly seenAt: number;
}

// Used up to five minutes before its end: a turn that begins with it ends with it.
const marginMs = 5 * 60_000;
// Somebody may have signed in anew, or been erased, in another process.
const trustedForMs = 60_000;
const maxKept = 1_000;
// For the store, the key and Entra together, whoever waits.
const longestLoadMs = 30_000;

export function createTokenSource(ports: Needs, { loadMs = longestLoadMs } = {}): TokenSource {
  const kept = new Map<string, Kept>();
  const underWay = new Map<string, Promise<string>>();
  const keep = (personId: string, token: Kept) => {
    kept.delete(personId);
    if (token.expiresAtMs - ports.clock.now() > marginMs) kept.set(personId, token);
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    return token.accessToken;
  };

  const load = async (personId: string, signal: AbortSignal): Promise<string> => {
    const stored = await loadTokens(ports, personId, signal);
    const known = kept.get(personId);
    const now = ports.clock.now();
    if (known?.version === stored.version && known.expiresAtMs - now > marginMs) return keep(personId, { ...known, seenAt: now });
    const { accessToken, expiresAtMs } = await acquire(ports, stored, signal);
    return keep(personId, { accessToken, expiresAtMs, version: stored.version, seenAt: ports.clock.now() });
  };

  /** Asks once for all who wait, under none of their signals: a turn that ends must not end another's. */
  const loadForAll = async (personId: string): Promise<string> => {
    const limit = AbortSignal.timeout(loadMs);
    try {
      return await withSpan('token', { person: personId }, () => within(load(personId, limit), limit));
    } catch (error) {
      kept.delete(personId);
      if (!limit.aborted) throw error;
      throw new AppError('timeout', 'A token took too long', { vendor: 'entra', cause: error });
    }
  };

  return {
    async tokenFor(personId, signal) {
      const known = kept.get(personId);
      const now = ports.clock.now();
      if (known && known.expiresAtMs - now > marginMs && now - known.seenAt < trustedForMs) return known.accessToken;
      // The reads of one answer run side by side: one of them asks for all.
      const running = underWay.get(personId);
      if (running) return within(running, signal);
      const asked = loadForAll(personId).finally(() => {
        if (underWay.get(personId) === asked) underWay.delete(personId);
      });
      underWay.set(personId, asked);
      return within(asked, signal);
    },
    forget(personId) {
      kept.delete(personId);
      underWay.delete(personId);
    },
  };
}

async function loadTokens(ports: Needs, personId: string, signal: AbortSignal | undefined): Promise<Stored> {
  const stored = await ports.people.loadTokens(personId, signal);
  if (!stored || stored.document.expired) throw new AppError('sign-in-required', 'There is no grant of this person');
  return stored;
}

async function acquire(
  ports: Needs,
  stored: Stored,
  signal: AbortSignal | undefined,
): ReturnType<Needs['authority']['acquireToken']> {
  const { personId, sealed } = stored.document;
  const key = await ports.dataKeys.keyFor(personId, signal).catch((error: unknown) => {
    throw asAppError(error, 'gone') ? new AppError('sign-in-required', 'The person was erased', { cause: error }) : error;
  });
  const { homeAccountId, cache } = TokenContent.parse(key.open(sealed, 'tokens'));
  const acquired = await ports.authority.acquireToken({ homeAccountId, cache }, signal).catch(async (error: unknown) => {
    if (!asAppError(error, 'sign-in-required')) throw error;
    // Somebody may have signed in anew since we read.
    const now = await ports.people.loadTokens(personId, signal);
    if (now && !now.document.expired && now.version !== stored.version) return acquire(ports, now, signal);
    await write(ports, stored, { ...stored.document, expired: true });
    throw error;
  });
  if (acquired.cache === undefined) return acquired;
  const changed = key.seal({ homeAccountId, cache: acquired.cache } satisfies TokenContent, 'tokens');
  await write(ports, stored, { ...stored.document, sealed: changed, expired: false });
  await updateRole(ports, stored, acquired.appRoles);
  return acquired;
}

/**
 * Stores what became of the grant. Where somebody else wrote meanwhile, theirs is as good as ours (a refresh token goes
 * on being good after it was used), or better: a new sign-in. Only a mark of expiry gives way to a cache that worked, and
 * not where the grant was taken away.
 */
async function write(ports: Needs, { document, version }: Stored, next: TokenDocument): Promise<void> {
  try {
    await ports.people.saveTokens(next, version);
  } catch (error) {
    if (!asAppError(error, 'conflict')) {
      // The token in hand is good, and the cache as it is stored still is.
      log('warn', 'tokens.not-stored', { person: document.personId, ...errorFields(error) });
      return;
    }
    const now = await ports.people.loadTokens(document.personId);
    const mayGiveWay = now?.document.expired === true && now.document.sealed !== noGrant;
    if (mayGiveWay && !next.expired) await write(ports, now, next);
  }
}

async function updateRole(ports: Needs, { document, version }: Stored, appRoles: readonly string[]): Promise<void> {
  const { personId, workspace } = document;
  const role = roleFromAppRoles(appRoles);
  try {
    const person = await ports.people.load(personId);
    if (!person || person.role === role) return;
    await ports.people.setRole(personId, role);
    const at = ports.clock.now();
    const detail = { from: person.role, to: role };
    await ports.audit.append(deriveId('role', personId, version), {
      ...{ stream: `${workspace}:people:${new Date(at).toISOString().slice(0, 10)}`, workspace, at },
      ...{ what: 'person.role-changed', who: personId, detail },
    });
  } catch (error) {
    // Seen again at the next refresh, within the hour or so.
    log('error', 'role.not-stored', { person: personId, ...errorFields(error) });
  }
}
