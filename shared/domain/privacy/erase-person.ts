import { AppError, asAppError } from '../../core/errors.ts';
import type { Ports } from '../../ports/index.ts';

const maxTries = 8;

/**
 * Erases a person: first their account leads to nobody, so that whoever signs in with it from now on is somebody new;
 * then the key goes, and with it whatever it sealed anywhere; then the documents. May be run again.
 */
export async function erasePerson(
  ports: Pick<Ports, 'dataKeys' | 'identities' | 'people'>,
  person: { readonly id: string; readonly account?: string | undefined },
  signal?: AbortSignal,
): Promise<void> {
  if (person.account !== undefined) await leaveAccount(ports, { id: person.id, account: person.account }, signal);
  await ports.dataKeys.drop(person.id, signal);
  await ports.people.erase(person.id, signal);
}

async function leaveAccount(
  { identities }: Pick<Ports, 'identities'>,
  { id, account }: { id: string; account: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const current = await identities.loadCurrent(account, signal);
    if (current?.document.personId !== id) return;
    try {
      await identities.change(current, { personId: undefined }, signal);
      return;
    } catch (error) {
      if (!asAppError(error, 'conflict')) throw error;
      if (tries === maxTries) throw new AppError('upstream', 'An account is changed all the time', { cause: error });
    }
  }
}
