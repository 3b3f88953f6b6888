import { IANAZone } from 'luxon';
import { findIana } from 'windows-iana';
import { z } from 'zod';
import type { Directory } from '../../ports/directory.ts';
import { readAs } from '../request-json.ts';
import { graphRequest, type MsgraphOptions } from './request.ts';

const User = z.object({
  id: z.string(),
  displayName: z.string().nullish(),
  mail: z.string().nullish(),
  userPrincipalName: z.string(),
});
const MailboxSettings = z.object({
  timeZone: z.string().nullish(),
  language: z.object({ locale: z.string().nullish() }).nullish(),
});

const Users = z.object({ value: z.array(z.unknown()) });

const userSelect = '$select=id,displayName,mail,userPrincipalName';

/** @see https://learn.microsoft.com/graph/api/user-get, user-list, user-get-mailboxsettings and user-sendmail */
export function createMsgraphDirectory(options: MsgraphOptions): Directory {
  return {
    async loadProfile(personId, signal) {
      const [user, settings] = await Promise.all([
        graphRequest(options, personId, { path: `/me?${userSelect}`, signal }),
        graphRequest(options, personId, { path: '/me/mailboxSettings', signal }),
      ]);
      const { timeZone, language } = readAs(MailboxSettings, settings, 'msgraph');
      return { ...toPerson(user), timeZone: toIana(timeZone ?? 'UTC', language?.locale ?? '') };
    },
    async findByEmail(personId, email, signal) {
      const path = `/users?$filter=${encodeURIComponent(filterByEmail(email))}&${userSelect}`;
      const { value } = readAs(Users, await graphRequest(options, personId, { path, signal }), 'msgraph');
      const found = value.map(toPerson);
      // One's sign-in name may be another's address.
      return found.find((person) => person.email.toLowerCase() === email.toLowerCase()) ?? found[0];
    },
    sendMailToSelf: (personId, { subject, text, to }) => ({
      async perform(_key, signal) {
        const message = {
          subject,
          body: { contentType: 'text', content: text },
          toRecipients: [{ emailAddress: { address: to } }],
        };
        await graphRequest(options, personId, {
          path: '/me/sendMail',
          method: 'POST',
          body: { message, saveToSentItems: false },
          signal,
        });
      },
      settle: 'never',
    }),
  };
}

/** People sign in by a name that looks like their address, and in many organisations is another. */
function filterByEmail(email: string): string {
  const text = `'${email.replaceAll("'", "''")}'`;
  return `mail eq ${text} or userPrincipalName eq ${text}`;
}

function toPerson(body: unknown) {
  const { id, displayName, mail, userPrincipalName } = readAs(User, body, 'msgraph');
  return { oid: id, name: displayName ?? userPrincipalName, email: mail ?? userPrincipalName };
}

/**
 * Mailboxes tell the Windows name of a zone, or the IANA one. A Windows zone spans many cities; the region of the
 * mailbox's language tells whose: `GMT Standard Time` is Lisbon for pt-PT and London for en-GB. A zone of the person's own
 * making (`tzone://Microsoft/Custom`) has no name elsewhere: UTC, then.
 */
function toIana(timeZone: string, locale: string): string {
  if (IANAZone.isValidZone(timeZone)) return timeZone;
  const region = /[-_]([A-Z]{2})$/.exec(locale)?.[1];
  return findIana(timeZone, region)[0] ?? findIana(timeZone)[0] ?? 'UTC';
}
