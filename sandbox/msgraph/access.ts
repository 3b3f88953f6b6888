import type { SeedPerson } from '../seed/people.ts';
import { accessDenied, badRequest, directoryDenied, itemNotFound, mailboxNotFound } from './errors.ts';
import type { Store } from './store.ts';

/** Whom a token speaks for: a person (`oid`, `scopes`) or an application alone (`roles`). */
export interface GraphToken {
  readonly oid?: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
}

/**
 * What a route asks of a token: one of these, the least first. `test/sandbox/msgraph/contract.test.ts` holds each route's
 * against `x-ms-permissions` of Microsoft's document.
 */
export interface Rights {
  /** Scopes of a person for their own mailbox, or for the directory. */
  readonly delegated: readonly string[];
  /** Scopes of a person for a mailbox shared with them; none where Graph has no such right. */
  readonly shared: readonly string[];
  /** Roles of an application alone. */
  readonly application: readonly string[];
  readonly area: 'outlook' | 'directory';
}

const calendarReads = ['Calendars.ReadBasic', 'Calendars.Read', 'Calendars.ReadWrite'];
const sharedReads = ['Calendars.Read.Shared', 'Calendars.ReadWrite.Shared'];
const directoryReads = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'];

export const rights = {
  readCalendar: {
    delegated: [...calendarReads, ...sharedReads],
    shared: sharedReads,
    application: calendarReads,
    area: 'outlook',
  },
  writeCalendar: {
    delegated: ['Calendars.ReadWrite', 'Calendars.ReadWrite.Shared'],
    shared: ['Calendars.ReadWrite.Shared'],
    application: ['Calendars.ReadWrite'],
    area: 'outlook',
  },
  readMailboxSettings: {
    delegated: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
    shared: [],
    application: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
    area: 'outlook',
  },
  readMail: {
    delegated: ['Mail.ReadBasic', 'Mail.Read', 'Mail.ReadWrite'],
    shared: [],
    application: ['Mail.ReadBasic.All', 'Mail.Read', 'Mail.ReadWrite'],
    area: 'outlook',
  },
  sendMail: { delegated: ['Mail.Send'], shared: [], application: ['Mail.Send'], area: 'outlook' },
  readMe: {
    delegated: ['User.Read', 'User.ReadWrite', 'User.ReadBasic.All', ...directoryReads],
    shared: [],
    application: [],
    area: 'directory',
  },
  readUser: {
    delegated: ['User.ReadBasic.All', 'User.Read', 'User.ReadWrite', ...directoryReads],
    shared: [],
    application: ['User.ReadBasic.All', ...directoryReads],
    area: 'directory',
  },
  listUsers: {
    delegated: ['User.ReadBasic.All', ...directoryReads],
    shared: [],
    application: ['User.ReadBasic.All', ...directoryReads],
    area: 'directory',
  },
} as const satisfies Record<string, Rights>;

/** Scopes that let a token read all of another person's profile, the phone numbers among it. */
export const readsWholeProfiles = (token: GraphToken) => holdsAny(held(token), directoryReads);

const held = ({ oid, scopes, roles }: GraphToken) => (oid === undefined ? roles : scopes);
const holdsAny = (has: readonly string[], wanted: readonly string[]) => wanted.some((right) => has.includes(right));

export function checkRights(token: GraphToken, { delegated, shared, application, area }: Rights): void {
  const wanted = token.oid === undefined ? application : [...delegated, ...shared];
  if (!holdsAny(held(token), wanted)) throw area === 'outlook' ? accessDenied() : directoryDenied();
}

/** A mailbox as the caller may use it. */
export interface Access {
  readonly owner: SeedPerson;
  /** Somebody who looks at another's calendar: what is private there stays hidden. */
  readonly hidesPrivate: boolean;
  /** The right to see bodies; ReadBasic has none. */
  readonly seesBodies: boolean;
}

/** Whom an address means. */
export function findPerson(people: readonly SeedPerson[], id: string): SeedPerson | undefined {
  const wanted = id.toLowerCase();
  return people.find(({ oid, email }) => oid === wanted || email === wanted);
}

/** Whom `/users/{id}` means: by id or the name they sign in with, which need not be their address. */
export function findUser(people: readonly SeedPerson[], id: string): SeedPerson | undefined {
  const wanted = id.toLowerCase();
  return people.find(({ oid, email, userPrincipalName = email }) => oid === wanted || userPrincipalName === wanted);
}

/** Opens `/me` or `/users/{id}` for a token: its own mailbox, one shared with it, or any for an application. */
export function openMailbox(
  { people, store }: { people: readonly SeedPerson[]; store: Store },
  { token, user, wanted }: { token: GraphToken; user: string | undefined; wanted: Rights },
): Access {
  if (user === undefined && token.oid === undefined) {
    throw badRequest('/me request is only valid with delegated authentication flow.');
  }
  checkRights(token, wanted);
  const owner = findUser(people, user ?? token.oid ?? '');
  if (!owner) throw mailboxNotFound(user ?? token.oid ?? '');
  const seesBodies = held(token).some((right) => /^Calendars\.Read(Write)?(\.Shared)?$/.test(right));
  if (token.oid === undefined) return { owner, hidesPrivate: false, seesBodies };
  if (token.oid === owner.oid) return { owner, hidesPrivate: false, seesBodies };
  if (!holdsAny(token.scopes, wanted.shared)) throw accessDenied();
  const role = store.sharing.get(`${owner.oid}/${token.oid}`)?.role;
  // Exchange does not tell a calendar that is not shared from one that is not there.
  if (role === undefined) throw itemNotFound();
  if (role === 'read' && wanted === rights.writeCalendar) throw accessDenied();
  return { owner, hidesPrivate: true, seesBodies };
}
