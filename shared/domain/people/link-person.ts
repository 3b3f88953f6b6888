import { AppError, asAppError } from '../../core/errors.ts';
import { deriveId } from '../../core/ids.ts';
import { roleFromAppRoles } from '../../core/roles.ts';
import { withTimeLimit } from '../../core/time-limit.ts';
import type { Directory } from '../../ports/directory.ts';
import type { IdentityDocument, PersonProfile, TokenContent } from '../../ports/people.ts';
import { errorFields, log } from '../../telemetry/index.ts';
import { isOfDomain } from './email-domain.ts';
import type { ChatSignIn } from './sign-in-context.ts';
import type { SignIn } from './sign-in-document.ts';
import { formerChatsOf, unlinkFormerChat, unlinkFormerPeople } from './unlink.ts';

type Self = Awaited<ReturnType<Directory['loadProfile']>>;

/**
 * The person of an account, the same at every run: found by its blind index, made at the first sign-in. An account whose
 * person was erased becomes a new person.
 */
export async function findPerson(context: ChatSignIn, signIn: SignIn): Promise<{ personId: string; moved: boolean }> {
  const { ports, options, chat, signal } = context;
  const { tenantId, oid } = accountOf(signIn);
  const id = options.indexes.account(tenantId, oid);
  const { workspace } = options;
  const { turnId, issuedAt } = signIn.document;
  const made = `${workspace}:${deriveId('person', id, turnId, issuedAt)}`;
  const identity = await ports.identities.claim(
    { id, workspace, kind: 'account', personId: made, createdAt: ports.clock.now() },
    signal,
  );
  const known = identity.personId !== undefined && (await isErased(context, identity.personId)) ? undefined : identity.personId;
  if (known === undefined) await ports.identities.update(id, { personId: made }, signal);
  const personId = known ?? made;
  const person = await ports.people.load(personId, signal);
  const moved = person?.conversationId !== undefined && person.conversationId !== chat.conversationId;
  return { personId, moved };
}

/** A dropped key is for ever: nothing can be kept of this person any more. */
async function isErased({ ports, signal }: ChatSignIn, personId: string): Promise<boolean> {
  try {
    await ports.dataKeys.keyFor(personId, signal);
    return false;
  } catch (error) {
    if (asAppError(error, 'gone')) return true;
    throw error;
  }
}

/**
 * Writes who is linked: tokens, then names, then the person. Each step may be run again.
 * @throws {AppError} `gone` when the chat's names lead to another conversation by now.
 */
export async function linkPerson(context: ChatSignIn, signIn: SignIn, personId: string): Promise<void> {
  const { ports, options, chat, signal } = context;
  const { workspace } = options;
  const account = accountOf(signIn);
  const names = await claimNames(context, personId);
  const key = await ports.dataKeys.keyFor(personId, signal);
  if (signIn.secrets.cache === undefined) throw new AppError('conflict', 'The sign-in was finished by somebody else');
  const content: TokenContent = { homeAccountId: account.homeAccountId, cache: signIn.secrets.cache };
  const sealedTokens = key.seal(content, 'tokens');
  await ports.people.saveTokens({ id: personId, personId, workspace, sealed: sealedTokens, expired: false }, undefined, signal);
  context.tokens.forget(personId);
  const before = await ports.people.load(personId, signal);
  const self = await loadSelf(context, personId);
  await unlinkFormerChat(context, { personId, before, names });
  await unlinkFormerPeople(context, { personId, names });
  for (const name of names) {
    if (name.personId !== personId) await ports.identities.update(name.id, { personId }, signal);
  }
  const timeZone = self?.timeZone ?? 'UTC';
  const profile: PersonProfile = { name: account.name, email: addressOf(context, account, self), timeZone };
  await ports.people.save(
    {
      id: personId,
      workspace,
      role: roleFromAppRoles(account.appRoles),
      homeAccountId: account.homeAccountId,
      account: options.indexes.account(account.tenantId, account.oid),
      conversationId: chat.conversationId,
      names: names.map(({ id }) => id),
      formerChats: formerChatsOf(before, chat.conversationId),
      linkedAt: ports.clock.now(),
      sealed: key.seal(profile, 'person'),
    },
    signal,
  );
  await recordLink(context, signIn, personId);
}

export function accountOf({ secrets }: SignIn): NonNullable<SignIn['secrets']['account']> {
  if (secrets.account) return secrets.account;
  throw new AppError('conflict', 'Nobody has signed in yet');
}

/** Who they are in Microsoft Graph; undefined while that does not tell. */
async function loadSelf({ ports, options, signal }: ChatSignIn, personId: string): Promise<Self | undefined> {
  try {
    return await withTimeLimit([options.courtesyTimeoutMs, signal], (limited) => ports.directory.loadProfile(personId, limited));
  } catch (error) {
    signal.throwIfAborted();
    log('warn', 'sign-in.zone-unknown', { person: personId, ...errorFields(error) });
    return undefined;
  }
}

/**
 * Their own address, where it is one of the organisation: whose domain it has counts as a colleague's. Else what they signed
 * in by, which was checked to be.
 */
function addressOf({ options }: ChatSignIn, account: { readonly email: string }, self: Self | undefined): string {
  return self && isOfDomain(self.email, options.allowedEmailDomains) ? self.email : account.email;
}

/** The documents of every name this chat is known by: those of the message, and each one's other name. */
async function claimNames({ ports, options, chat, signal }: ChatSignIn, personId: string): Promise<IdentityDocument[]> {
  const { indexes, workspace } = options;
  const given = [
    ...(chat.lid === undefined ? [] : [{ id: indexes.lid(chat.lid), kind: 'lid' as const }]),
    ...(chat.phone === undefined ? [] : [{ id: indexes.phone(chat.phone), kind: 'phone' as const }]),
  ];
  const found = new Map<string, IdentityDocument>();
  for (const { id, kind } of given) {
    const { conversationId } = chat;
    const own = { id, workspace, kind, conversationId, personId, createdAt: ports.clock.now() };
    found.set(id, await ports.identities.claim(own, signal));
  }
  for (const { pair } of [...found.values()]) {
    const other = pair === undefined || found.has(pair) ? undefined : await ports.identities.load(pair, signal);
    if (other) found.set(other.id, other);
  }
  // A name that went to another conversation is somebody else's by now.
  const names = [...found.values()].filter(({ conversationId }) => conversationId === chat.conversationId);
  if (names.length === 0) throw new AppError('gone', 'The names of the chat lead to another conversation');
  return names;
}

async function recordLink({ ports, options, chat, signal }: ChatSignIn, signIn: SignIn, personId: string): Promise<void> {
  const { id, turnId, issuedAt } = signIn.document;
  const detail = { conversation: chat.conversationId, moved: signIn.secrets.outcome?.moved === true ? 1 : 0 };
  await ports.audit.append(
    deriveId('linked', id, turnId, issuedAt),
    {
      // The stream by the link's day, not by today's: a rerun after midnight writes the same line.
      ...{ stream: `${options.workspace}:people:${dayOf(issuedAt)}`, workspace: options.workspace, at: ports.clock.now() },
      ...{ what: 'sign-in.linked', who: personId, detail },
    },
    signal,
  );
}

export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
