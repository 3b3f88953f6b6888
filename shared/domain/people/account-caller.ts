import type { PersonCaller } from '../../core/caller.ts';
import { AppError } from '../../core/errors.ts';
import { roleFromAppRoles } from '../../core/roles.ts';
import type { TokenHolder } from '../../ports/access-tokens.ts';
import type { Ports } from '../../ports/index.ts';
import { toCaller, type BlindIndexes } from '../identity/index.ts';
import { findAccountPerson } from './account-person.ts';
import { isOfDomain } from './email-domain.ts';

export interface AccountCallers {
  /**
   * Whoever holds the token, as tools are called for them. Name, address and zone are the linked person's own; of an
   * account that no chat was ever linked to, what Microsoft Graph tells that account. The role is the token's.
   * @param withToken Runs what asks Microsoft Graph as this person.
   * @throws {AppError} `forbidden` for an address outside the organisation.
   */
  find(
    holder: TokenHolder,
    withToken: <T>(personId: string, run: () => Promise<T>) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<PersonCaller>;
}

export interface AccountCallerOptions {
  readonly indexes: BlindIndexes;
  readonly allowedEmailDomains: readonly string[];
}

type Needs = Pick<Ports, 'clock' | 'dataKeys' | 'directory' | 'identities' | 'ids' | 'people'>;
type Profile = Pick<PersonCaller, 'name' | 'email' | 'timeZone'>;

// Who moves to another zone is told so within the hour.
const keptForMs = 60 * 60_000;
const maxKept = 500;

export function createAccountCallers(ports: Needs, options: AccountCallerOptions): AccountCallers {
  const kept = new Map<string, { profile: Profile; until: number }>();
  const askDirectory = async (personId: string, signal: AbortSignal | undefined): Promise<Profile> => {
    const known = kept.get(personId);
    if (known && known.until > ports.clock.now()) return known.profile;
    const { name, email, timeZone } = await ports.directory.loadProfile(personId, signal);
    kept.delete(personId);
    kept.set(personId, { profile: { name, email, timeZone }, until: ports.clock.now() + keptForMs });
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    return { name, email, timeZone };
  };
  return {
    async find(holder, withToken, signal) {
      if (holder.email !== undefined) checkDomain(holder.email, options.allowedEmailDomains);
      const personId = await findAccountPerson(ports, options.indexes, { account: holder, ...(signal && { signal }) });
      const person = await ports.people.load(personId, signal);
      const profile = person
        ? await toCaller(ports, person, signal)
        : await withToken(personId, () => askDirectory(personId, signal));
      checkDomain(profile.email, options.allowedEmailDomains);
      const { name, email, timeZone } = profile;
      return { kind: 'person', personId, role: roleFromAppRoles(holder.appRoles), name, email, timeZone };
    },
  };
}

/** Who may use the assistant at all: accounts with an address of the organisation. */
function checkDomain(email: string, allowed: readonly string[]): void {
  if (isOfDomain(email, allowed)) return;
  throw new AppError('forbidden', 'The account has no address of the organisation');
}
