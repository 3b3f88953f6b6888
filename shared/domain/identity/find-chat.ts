import type { Ports } from '../../ports/index.ts';
import type { IdentityDocument } from '../../ports/people.ts';
import type { BlindIndexes } from './blind-indexes.ts';
import { leadsTo } from './leads-to.ts';
import type { ChatNames } from './resolve-conversation.ts';

/** Everything that belongs to one chat, by ids alone. */
export interface Chat {
  /** The blind indexes of its names. */
  readonly names: readonly string[];
  /** The conversations that became one with it. */
  readonly others: readonly string[];
  /** Who is linked to it, with the blind index of their account. */
  readonly people: readonly { readonly id: string; readonly account?: string | undefined }[];
}

/**
 * What belongs to the chat of this conversation, read anew: its names and each one's other name, as far as they lead to
 * it, and the people whom no other chat speaks for.
 */
export async function findChat(
  ports: Pick<Ports, 'identities' | 'people'>,
  indexes: BlindIndexes,
  { names, conversationId, signal }: { names: Partial<ChatNames>; conversationId: string; signal?: AbortSignal },
): Promise<Chat> {
  const given = [
    ...(names.lid === undefined ? [] : [indexes.lid(names.lid)]),
    ...(names.phone === undefined ? [] : [indexes.phone(names.phone)]),
  ];
  const found = await loadAll(ports, given, signal);
  const pairs = found.flatMap(({ pair }) => (pair === undefined || given.includes(pair) ? [] : [pair]));
  const all = [...found, ...(await loadAll(ports, pairs, signal))];
  const leading = all.filter((identity) => leadsTo(identity, conversationId));
  const conversations = new Set([
    conversationId,
    ...leading.flatMap((identity) => [identity.conversationId ?? conversationId, ...(identity.formerly ?? [])]),
  ]);
  // A name that was to follow the other and did not yet leads to a conversation of the same chat.
  const theirs = all.filter((identity) => conversations.has(identity.conversationId ?? ''));
  const people = new Map<string, { id: string; account?: string | undefined }>();
  for (const personId of new Set(theirs.flatMap((identity) => identity.personId ?? []))) {
    const person = await ports.people.load(personId, signal);
    if (!conversations.has(person?.conversationId ?? '')) continue;
    people.set(personId, person?.account === undefined ? { id: personId } : { id: personId, account: person.account });
  }
  conversations.delete(conversationId);
  return { names: theirs.map(({ id }) => id), others: [...conversations], people: [...people.values()] };
}

async function loadAll(
  { identities }: Pick<Ports, 'identities'>,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<IdentityDocument[]> {
  const found = await Promise.all(ids.map((id) => identities.loadCurrent(id, signal)));
  return found.flatMap((current) => (current ? [current.document] : []));
}
