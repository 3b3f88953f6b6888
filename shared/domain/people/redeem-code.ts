import { deriveId } from '../../core/ids.ts';
import { roleFromAppRoles } from '../../core/roles.ts';
import { log } from '../../telemetry/index.ts';
import { accountOf, dayOf, findPerson, linkPerson } from './link-person.ts';
import { notifyAccount } from './notify-account.ts';
import type { ChatSignIn } from './sign-in-context.ts';
import { loadSignIn, replaceSignIn, type SignIn } from './sign-in-document.ts';
import { isSame } from './sign-in-link.ts';
import { linkedText, refusedText, wrongCodeText } from './sign-in-texts.ts';

const maxWrongCodes = 5;
const sixDigits = /^\s*(\d{3})[ -]?(\d{3})\s*$/;

/** The last six-digit code among the messages, which is all that its message says. */
export function findCode(messages: readonly { readonly text: string }[]): string | undefined {
  return messages
    .map(({ text }) => sixDigits.exec(text))
    .map((found) => found && `${found[1] ?? ''}${found[2] ?? ''}`)
    .findLast((code) => code !== null);
}

export function isCodeOf({ secrets }: SignIn, code: string | undefined): boolean {
  return code !== undefined && secrets.code !== undefined && isSame(code, secrets.code);
}

/**
 * The right code: uses it up, then links.
 * @throws {AppError} `conflict` when somebody else was quicker; whatever the stores throw: the turn is run again, and
 *   goes on where it stopped.
 */
export async function acceptCode(context: ChatSignIn, signIn: SignIn): Promise<string> {
  const { ports, signal } = context;
  const outcome = await findPerson(context, signIn);
  await replaceSignIn(ports, signIn, { document: { state: 'linking' }, secrets: { ...signIn.secrets, outcome }, signal });
  return finishLinking(context, signIn.document.id);
}

/** Links whom the right code stands for; run again after a crash, it ends the same. */
export async function finishLinking(context: ChatSignIn, id: string): Promise<string> {
  const { ports, signal } = context;
  const signIn = await loadSignIn(ports, id, signal);
  const { outcome } = signIn?.secrets ?? {};
  if (!signIn || !outcome) return refusedText;
  const { personId, moved } = outcome;
  if (signIn.document.state === 'linking') {
    await linkPerson(context, signIn, personId);
    // The cache is the person's now.
    const secrets = { ...signIn.secrets, cache: undefined };
    await replaceSignIn(ports, signIn, { document: { state: 'linked' }, secrets, signal });
  }
  await notifyAccount(context, id, personId);
  const { name, email, appRoles } = accountOf(signIn);
  return linkedText({ name, email, role: roleFromAppRoles(appRoles), moved });
}

/** Counts a wrong code, once a turn; the fifth refuses the sign-in. */
export async function countWrongCode(context: ChatSignIn, signIn: SignIn): Promise<string> {
  const { ports, chat, signal } = context;
  const { document } = signIn;
  const attempts = document.wrongIn === chat.turnId ? document.attempts : document.attempts + 1;
  const isLast = attempts >= maxWrongCodes;
  if (attempts !== document.attempts) {
    await replaceSignIn(ports, signIn, {
      document: { attempts, wrongIn: chat.turnId, ...(isLast ? { state: 'refused' as const } : {}) },
      secrets: isLast ? { ...signIn.secrets, code: undefined, cache: undefined } : signIn.secrets,
      signal,
    });
  }
  if (!isLast) return wrongCodeText(maxWrongCodes - attempts);
  log('warn', 'sign-in.refused', { conversation: chat.conversationId });
  const { id, workspace, turnId, issuedAt, conversationId } = document;
  await ports.audit.append(
    deriveId('refused', id, turnId, issuedAt),
    {
      ...{ stream: `${workspace}:people:${dayOf(issuedAt)}`, workspace, at: ports.clock.now() },
      ...{ what: 'sign-in.refused', detail: { conversation: conversationId, wrongCodes: attempts } },
    },
    signal,
  );
  return refusedText;
}
