import type { PersonCaller } from '../../core/caller.ts';
import { issueLink } from './issue-link.ts';
import { acceptCode, countWrongCode, findCode, finishLinking, isCodeOf } from './redeem-code.ts';
import type { ChatSignIn } from './sign-in-context.ts';
import { againOnConflict, loadSignIn, type SignIn } from './sign-in-document.ts';
import { signInIdOf } from './sign-in-link.ts';
import { expiredCodeText, newLinkText, refusedText, renewalText, waitingText, welcomeText } from './sign-in-texts.ts';

interface Turn {
  readonly caller: PersonCaller | undefined;
  readonly messages: readonly { readonly text: string }[];
}

/**
 * What a chat is told about signing in; undefined for a linked person's ordinary message. May be run again at any time:
 * the same turn gets the same link, and a code that was taken is taken still.
 */
export async function answerSignIn(context: ChatSignIn, turn: Turn): Promise<string | undefined> {
  const { ports, options, chat, signal } = context;
  const code = findCode(turn.messages);
  if (turn.caller && code === undefined) return undefined;
  const id = signInIdOf(options, chat.conversationId);
  return againOnConflict(async () => {
    const signIn = await loadSignIn(ports, id, signal);
    const answer = signIn && (await answerPending(context, turn, { signIn, code }));
    if (answer !== undefined || turn.caller) return answer;
    return welcomeText(options.organisation, await issueLink(context));
  });
}

/** A fresh link for a grant that ran out. */
export async function renewSignIn(context: ChatSignIn): Promise<string> {
  return renewalText(await issueLink(context));
}

async function answerPending(
  context: ChatSignIn,
  turn: Turn,
  { signIn, code }: { signIn: SignIn; code: string | undefined },
): Promise<string | undefined> {
  const { state } = signIn.document;
  const isRight = isCodeOf(signIn, code);
  const isExpired = signIn.document.expiresAt <= context.ports.clock.now();
  if (state === 'awaiting-code') {
    if (isExpired) return isRight ? expiredCodeText(await issueLink(context)) : undefined;
    if (isRight) return acceptCode(context, signIn);
    if (code !== undefined) return countWrongCode(context, signIn);
    const asksAnew = turn.messages.some(({ text }) => /\b(?:new|another|fresh) link\b/i.test(text));
    return asksAnew ? newLinkText(await issueLink(context)) : waitingText;
  }
  // A worker that died while it linked: whoever comes next finishes.
  if (state === 'linking') return isRight || !isExpired ? finishLinking(context, signIn.document.id) : undefined;
  if (state === 'linked' && isRight) return answerAgain(context, signIn);
  // The turn that closed it is run again.
  return state === 'refused' && signIn.document.wrongIn === context.chat.turnId ? refusedText : undefined;
}

/** The code again, or its turn again: the same answer, while the link stands. */
async function answerAgain(context: ChatSignIn, { document, secrets }: SignIn): Promise<string | undefined> {
  const { ports, chat, signal } = context;
  const person = await ports.people.load(secrets.outcome?.personId ?? '', signal);
  return person?.conversationId === chat.conversationId ? finishLinking(context, document.id) : undefined;
}
