import { deriveId } from '../../core/ids.ts';
import { asAppError } from '../../core/errors.ts';
import type { Ports } from '../../ports/index.ts';
import type { BlindIndexes } from '../identity/index.ts';

/**
 * The person of an Entra account, whether a chat was ever linked to it or not: found by its blind index, else made, so
 * that a later sign-in from a chat finds the same one. An account whose person was erased becomes a new person.
 */
export async function findAccountPerson(
  ports: Pick<Ports, 'identities' | 'ids' | 'clock'>,
  indexes: BlindIndexes,
  { account, signal }: { account: { tenantId: string; oid: string }; signal?: AbortSignal },
): Promise<string> {
  const id = indexes.account(account.tenantId, account.oid);
  const known = (await ports.identities.load(id, signal))?.personId;
  if (known !== undefined) return known;
  const personId = `${indexes.workspace}:${deriveId('person', id, ports.ids.random())}`;
  const { workspace } = indexes;
  const claimed = await ports.identities.claim(
    { id, workspace, kind: 'account', personId, createdAt: ports.clock.now() },
    signal,
  );
  if (claimed.personId !== undefined) return claimed.personId;
  // Of the requests that find an erased account at once, one writes; the others read what it wrote.
  const current = await ports.identities.loadCurrent(id, signal);
  if (!current) return findAccountPerson(ports, indexes, { account, ...(signal && { signal }) });
  if (current.document.personId !== undefined) return current.document.personId;
  try {
    await ports.identities.change(current, { personId }, signal);
    return personId;
  } catch (error) {
    if (!asAppError(error, 'conflict')) throw error;
    return findAccountPerson(ports, indexes, { account, ...(signal && { signal }) });
  }
}
