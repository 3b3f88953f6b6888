import type { PersonCaller } from '../../core/caller.ts';
import { asAppError } from '../../core/errors.ts';
import type { Role } from '../../core/roles.ts';
import type { Ports } from '../../ports/index.ts';
import { errorFields, log } from '../../telemetry/index.ts';
import type { TokenSource } from './token-source.ts';

/**
 * The role as Entra gives it, an hour old at most: whoever is more than a user must have a grant that works, and what its
 * last refresh said is what they may do. Who has none, or while Entra cannot be asked, is a user.
 */
export async function currentRole(
  ports: Pick<Ports, 'people'> & { readonly tokens: Pick<TokenSource, 'tokenFor'> },
  { personId, role }: Pick<PersonCaller, 'personId' | 'role'>,
  signal: AbortSignal,
): Promise<Role> {
  if (role === 'user') return role;
  try {
    await ports.tokens.tokenFor(personId, signal);
    return (await ports.people.load(personId, signal))?.role ?? 'user';
  } catch (error) {
    if (signal.aborted || !asAppError(error)) throw error;
    log('warn', 'role.not-confirmed', { person: personId, ...errorFields(error) });
    return 'user';
  }
}
