import { withTimeLimit } from '../../core/time-limit.ts';
import { errorFields, log } from '../../telemetry/index.ts';
import { accountOf } from './link-person.ts';
import type { ChatSignIn } from './sign-in-context.ts';
import { loadSignIn, replaceSignIn } from './sign-in-document.ts';

/**
 * A mail to the account that says which number was linked to it, so that a link that its owner did not make is noticed. It
 * goes to the account's own mailbox: what they sign in by looks like an address, and may be somebody else's or nobody's.
 * Claimed before it is sent, so that no rerun sends it twice; a failure is logged and not shown.
 */
export async function notifyAccount(context: ChatSignIn, id: string, personId: string): Promise<void> {
  const { ports, options, signal } = context;
  try {
    const signIn = await loadSignIn(ports, id, signal);
    if (!signIn || signIn.document.state !== 'linked' || signIn.document.mailed) return;
    const inTime = [options.courtesyTimeoutMs, signal] as const;
    const self = await withTimeLimit(inTime, (limited) => ports.directory.loadProfile(personId, limited));
    await replaceSignIn(ports, signIn, { document: { mailed: true }, signal });
    const { email } = accountOf(signIn);
    const at = new Date(ports.clock.now()).toISOString().slice(0, 16).replace('T', ' ');
    const chat = signIn.secrets.masked === undefined ? 'A WhatsApp chat' : `The WhatsApp number ${signIn.secrets.masked}`;
    const mail = {
      to: self.email,
      subject: `${chat} can now use Adjutant as you`,
      text: [
        `${chat} was linked to your account ${email} at ${at} UTC. Through Adjutant, the assistant of ${options.organisation}, it can now read and write what you can in Microsoft 365.`,
        'If this was you, there is nothing to do. If not, tell your IT department at once, and sign out everywhere: https://mysignins.microsoft.com',
      ].join('\n\n'),
    };
    // Not an operation of the turn: what may have been sent is never tried again.
    const write = ports.directory.sendMailToSelf(personId, mail);
    await withTimeLimit(inTime, (limited) => write.perform(id, limited));
  } catch (error) {
    signal.throwIfAborted();
    log('error', 'sign-in.mail-failed', { person: personId, ...errorFields(error) });
  }
}
