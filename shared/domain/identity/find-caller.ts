import type { PersonCaller } from '../../core/caller.ts';
import { asAppError } from '../../core/errors.ts';
import type { Ports } from '../../ports/index.ts';
import { PersonProfile, type PersonDocument } from '../../ports/people.ts';
import type { BlindIndexes } from './blind-indexes.ts';
import { leadsTo } from './leads-to.ts';
import type { ChatNames } from './resolve-conversation.ts';

/**
 * The person a message comes from, by the names in its own envelope; undefined while nobody is linked to them, or where
 * the link belongs to another conversation (a recycled number). What is left of a conversation that was merged into the
 * person's own is theirs too.
 */
export async function findCaller(
  ports: Pick<Ports, 'identities' | 'people' | 'dataKeys'>,
  indexes: BlindIndexes,
  request: { names: ChatNames; conversationId: string; signal?: AbortSignal },
): Promise<PersonCaller | undefined> {
  const { names, conversationId, signal } = request;
  const id = names.lid === undefined ? indexes.phone(names.phone ?? '') : indexes.lid(names.lid);
  const identity = await ports.identities.load(id, signal);
  if (identity?.personId === undefined || !leadsTo(identity, conversationId)) return undefined;
  const person = await ports.people.load(identity.personId, signal);
  if (person?.conversationId === undefined || !leadsTo(identity, person.conversationId)) return undefined;
  try {
    return await toCaller(ports, person, signal);
  } catch (error) {
    // Their key was dropped: a person who was erased is nobody.
    if (asAppError(error, 'gone')) return undefined;
    throw error;
  }
}

/** The caller that a person's document and sealed profile make. */
export async function toCaller(
  ports: Pick<Ports, 'dataKeys'>,
  person: PersonDocument,
  signal?: AbortSignal,
): Promise<PersonCaller> {
  const key = await ports.dataKeys.keyFor(person.id, signal);
  const profile = PersonProfile.parse(key.open(person.sealed, 'person'));
  return { kind: 'person', personId: person.id, role: person.role, ...profile };
}
