import { createMsgraphCalendar } from '../../../shared/adapters/msgraph/calendar.ts';
import { createMsgraphDirectory } from '../../../shared/adapters/msgraph/directory.ts';
import { startEntra } from '../../sandbox/entra/start-entra.ts';
import { emailOf, startMsgraph, type Given } from '../../sandbox/msgraph/start.ts';

const graphScopes = ['User.Read', 'User.ReadBasic.All', 'Calendars.ReadWrite', 'MailboxSettings.Read', 'Mail.Send', 'Mail.Read'];

/** Graph as the application reaches it: by tokens that the authority signed, each person with their own. */
export async function startGraph(
  options: Omit<NonNullable<Parameters<typeof startMsgraph>[0]>, 'verifyToken'> & { timeoutMs?: number } = {},
) {
  const { timeoutMs = 2_000, ...rest } = options;
  const { entra } = await startEntra();
  const started = await startMsgraph({
    ...rest,
    async verifyToken(token) {
      const verified = await entra.verify(token, 'msgraph');
      return verified?.oid === undefined ? undefined : { oid: verified.oid, scopes: graphScopes, roles: [] };
    },
  });
  const adapter = {
    baseUrl: started.origin,
    timeoutMs,
    // A person's id in these tests is their given name.
    tokenFor: (personId: string) => entra.issueToken({ phoneOrEmail: emailOf(personId as Given), audience: 'msgraph' }),
    fetch,
  };
  const requests = () => started.context.journal.entries('msgraph');
  return {
    ...started,
    entra,
    adapter,
    requests,
    calendar: createMsgraphCalendar(adapter),
    directory: createMsgraphDirectory(adapter),
  };
}

export const never = new AbortController().signal;
