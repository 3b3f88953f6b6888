import { z } from 'zod';
import { Role } from '../core/roles.ts';

/**
 * What a blind index (of a lid, a phone, an Entra account) leads to; the id makes it unique.
 * `pair` is the blind index of the other name of the same chat, where it is known.
 */
export const IdentityDocument = z.object({
  id: z.string(),
  workspace: z.string(),
  kind: z.enum(['lid', 'phone', 'account', 'claim']),
  conversationId: z.string().optional(),
  personId: z.string().optional(),
  pair: z.string().optional(),
  /** When it last moved to another conversation: a repeat of what was stored before it must find its way back. */
  movedAt: z.number().optional(),
  /** Conversations that were merged into this one: what is still due in them comes from the same chat. */
  formerly: z.array(z.string()).optional(),
  /** When a conversation of this name was erased last: what WhatsApp dates no later is refused, for ever. */
  erasedAt: z.number().optional(),
  createdAt: z.number(),
  /** Seconds; of claims alone, which nobody asks for once the repeats of their message are over. */
  ttl: z.int().optional(),
});
export type IdentityDocument = z.infer<typeof IdentityDocument>;

/** Fields to set; one that is there and undefined is removed. */
export interface IdentityChange {
  readonly conversationId?: string | undefined;
  readonly personId?: string | undefined;
  readonly pair?: string | undefined;
  readonly movedAt?: number | undefined;
  readonly formerly?: readonly string[] | undefined;
  readonly erasedAt?: number | undefined;
}

export interface CurrentIdentity {
  readonly document: IdentityDocument;
  readonly version: string;
}

/** Errors of all methods: {AppError} `rate-limited`, `timeout`, `upstream` when worth retrying. */
export interface Identities {
  /** May be answered from a moment ago: to read, never to write by. */
  load(id: string, signal?: AbortSignal): Promise<IdentityDocument | undefined>;
  /** As it is stored, from no cache, with the version that `change` asks for. */
  loadCurrent(id: string, signal?: AbortSignal): Promise<CurrentIdentity | undefined>;
  /** Creates it; where the id is there already, answers that document instead. */
  claim(identity: IdentityDocument, signal?: AbortSignal): Promise<IdentityDocument>;
  /** Sets fields of one that exists, whatever it holds by now. @throws {AppError} `not-found`. */
  update(id: string, set: IdentityChange, signal?: AbortSignal): Promise<void>;
  /** Sets fields of one as it was read. @throws {AppError} `conflict` when it was changed since. */
  change(current: CurrentIdentity, set: IdentityChange, signal?: AbortSignal): Promise<void>;
}

/** A person of the organisation; `sealed` is a `PersonProfile` under the person's data key. */
export const PersonDocument = z.object({
  id: z.string(),
  workspace: z.string(),
  role: Role,
  homeAccountId: z.string(),
  /** The blind index (`identities`) of the account. */
  account: z.string().optional(),
  /** The one chat that speaks for the person; absent while none does. */
  conversationId: z.string().optional(),
  /** The blind indexes (`identities`) of that chat's names. */
  names: z.array(z.string()).optional(),
  /** The chats that spoke for them before, with their names: what was said there is erased with the person. */
  formerChats: z.array(z.object({ conversationId: z.string(), names: z.array(z.string()) })).optional(),
  linkedAt: z.number(),
  sealed: z.string(),
});
export type PersonDocument = z.infer<typeof PersonDocument>;

export const PersonProfile = z.object({ name: z.string(), email: z.string(), timeZone: z.string() });
export type PersonProfile = z.infer<typeof PersonProfile>;

/** The token cache of a person, sealed (`TokenContent`); every write but the first is conditional on the version read. */
export const TokenDocument = z.object({
  id: z.string(),
  personId: z.string(),
  workspace: z.string(),
  sealed: z.string(),
  expired: z.boolean(),
});
export type TokenDocument = z.infer<typeof TokenDocument>;

/** What is sealed where a grant was taken away: nothing. Only a new sign-in takes its place. */
export const noGrant = '';

export const TokenContent = z.object({ homeAccountId: z.string(), cache: z.string() });
export type TokenContent = z.infer<typeof TokenContent>;

export interface People {
  load(personId: string, signal?: AbortSignal): Promise<PersonDocument | undefined>;
  /** Saves one, new or known. @throws {AppError} `gone` for one who was erased, whenever that was: they stay so. */
  save(person: PersonDocument, signal?: AbortSignal): Promise<void>;
  /** Sets the role of one that exists and touches nothing else. @throws {AppError} `not-found`. */
  setRole(personId: string, role: Role, signal?: AbortSignal): Promise<void>;
  loadTokens(personId: string, signal?: AbortSignal): Promise<{ document: TokenDocument; version: string } | undefined>;
  /**
   * Only sign-in overwrites without a `version`; any other write is conditional on the version read.
   * @throws {AppError} `conflict` where it was changed; `gone` for a sign-in of one who was erased.
   */
  saveTokens(document: TokenDocument, version: string | undefined, signal?: AbortSignal): Promise<void>;
  /** Deletes the person and their tokens, whichever are there, for good: nothing is saved under this id any more. */
  erase(personId: string, signal?: AbortSignal): Promise<void>;
}

/**
 * The sign-in of one chat: its id is a blind index of the conversation, so that a chat has one link at most that works,
 * and whatever happens to it is one conditional write. The secret of the link is stored nowhere: it is made from
 * `turnId` and `issuedAt` with a key.
 */
export const SignInDocument = z.object({
  id: z.string(),
  workspace: z.string(),
  conversationId: z.string(),
  /** `linking`: the right code came, and its turn is writing who is linked. */
  state: z.enum(['issued', 'confirmed', 'awaiting-code', 'linking', 'linked', 'refused']),
  /** The turn that issued the link. */
  turnId: z.string(),
  issuedAt: z.number(),
  /** When links were issued to this chat within the last hour. */
  issued: z.array(z.number()),
  /** Until when the link, and once somebody signed in the code, is good. */
  expiresAt: z.number(),
  /** Wrong codes so far, and the turn that brought the last. */
  attempts: z.int(),
  wrongIn: z.string().optional(),
  /** Whether the mail to the account was sent, or may have been. */
  mailed: z.boolean(),
  /** `SignInSecrets`, under the conversation's key. */
  sealed: z.string(),
  ttl: z.int(),
});
export type SignInDocument = z.infer<typeof SignInDocument>;

export interface SignIns {
  load(id: string, signal?: AbortSignal): Promise<{ document: SignInDocument; version: string } | undefined>;
  /** Creates it; an existing one of this id is left as it is and answered. */
  create(document: SignInDocument, signal?: AbortSignal): Promise<SignInDocument>;
  /** Writes the next state. @throws {AppError} `conflict` when it was changed, or removed, since `version` was read. */
  replace(document: SignInDocument, version: string, signal?: AbortSignal): Promise<void>;
  /** Deletes it, where it is there. */
  remove(id: string, signal?: AbortSignal): Promise<void>;
}

/** A line of the audit trail: ids and codes only. */
export const AuditLine = z.object({
  stream: z.string(),
  workspace: z.string(),
  at: z.number(),
  what: z.string(),
  who: z.string().optional(),
  detail: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type AuditLine = z.infer<typeof AuditLine>;

export interface Audit {
  /** Appends under `key`; the same key again is the same line. */
  append(key: string, line: AuditLine, signal?: AbortSignal): Promise<void>;
}
