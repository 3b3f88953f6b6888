import { asAppError } from '../../core/errors.ts';
import { noGrant, type IdentityDocument, type PersonDocument } from '../../ports/people.ts';
import type { ChatSignIn } from './sign-in-context.ts';
import { againOnConflict } from './sign-in-document.ts';

// Nobody moves more often while anything of the first is kept.
const maxFormerChats = 10;

interface Linking {
  readonly personId: string;
  readonly names: readonly IdentityDocument[];
}

/** One person, one chat: the names of the one before lead to nobody. */
export async function unlinkFormerChat(
  { ports, signal }: ChatSignIn,
  { personId, before, names }: Linking & { before: PersonDocument | undefined },
): Promise<void> {
  for (const id of before?.names ?? []) {
    if (names.some((name) => name.id === id)) continue;
    const identity = await ports.identities.load(id, signal);
    if (identity?.personId === personId) await ports.identities.update(id, { personId: undefined }, signal);
  }
}

/**
 * One chat, one person: who was linked to it before has none, and no grant, which nobody would use any more. The grant goes
 * first: whoever runs this again finds by the chat whom it is about.
 */
export async function unlinkFormerPeople(context: ChatSignIn, { personId, names }: Linking): Promise<void> {
  const { ports, chat, signal } = context;
  const others = new Set(names.flatMap((name) => (name.personId === undefined ? [] : [name.personId])));
  others.delete(personId);
  for (const other of others) {
    const person = await ports.people.load(other, signal);
    if (person?.conversationId !== chat.conversationId) continue;
    await emptyGrant(context, other);
    await ports.people.save({ ...person, conversationId: undefined, names: undefined }, signal).catch((error: unknown) => {
      // Erased since they were read: there is nothing to unlink.
      if (!asAppError(error, 'gone')) throw error;
    });
  }
}

/** Leaves a mark of expiry in place of the token cache; whoever signs in with the account again overwrites it. */
async function emptyGrant({ ports, tokens, signal }: ChatSignIn, personId: string): Promise<void> {
  await againOnConflict(async () => {
    const stored = await ports.people.loadTokens(personId, signal);
    if (!stored || stored.document.sealed === noGrant) return;
    await ports.people.saveTokens({ ...stored.document, sealed: noGrant, expired: true }, stored.version, signal);
  });
  tokens.forget(personId);
}

/** The chats that spoke for the person before the one of this conversation does. */
export function formerChatsOf(before: PersonDocument | undefined, conversationId: string): PersonDocument['formerChats'] {
  const { formerChats = [], names = [] } = before ?? {};
  const last = before?.conversationId === undefined ? [] : [{ conversationId: before.conversationId, names }];
  const others = [...formerChats, ...last].filter((chat) => chat.conversationId !== conversationId);
  const newest = new Map(others.map((chat) => [chat.conversationId, chat]));
  return newest.size === 0 ? undefined : [...newest.values()].slice(-maxFormerChats);
}
