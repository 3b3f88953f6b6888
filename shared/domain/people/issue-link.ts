import type { SignInDocument } from '../../ports/people.ts';
import { maskPhone } from './mask-phone.ts';
import type { ChatSignIn } from './sign-in-context.ts';
import { againOnConflict, isOpen, loadSignIn, signInTtlSeconds, type SignIn, type SignInSecrets } from './sign-in-document.ts';
import { linkUrl, signInIdOf } from './sign-in-link.ts';
import { AppError } from '../../core/errors.ts';

/** A link and how long it is good for, or how long to wait for the next. */
export type Issued =
  { readonly kind: 'link'; readonly url: string; readonly minutes: number } | { readonly kind: 'wait'; readonly minutes: number };

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const linksAnHour = 5;
// Somebody is at Microsoft's page meanwhile: another link would shut the door behind them.
const leftToFinishMs = 5 * minuteMs;

/** The chat's link: the one it has where that is fresh or in use, else a new one, which ends the one before. */
export function issueLink(context: ChatSignIn): Promise<Issued> {
  const { ports, options, chat, signal } = context;
  const id = signInIdOf(options, chat.conversationId);
  return againOnConflict(async () => {
    const now = ports.clock.now();
    const found = await loadSignIn(ports, id, signal);
    if (found && isReusable(found.document, chat.turnId, now)) return issued(context, found.document);
    const recent = (found?.document.issued ?? []).filter((at) => at > now - hourMs);
    if (recent.length >= linksAnHour) {
      if (found && isOpen(found.document, now)) return issued(context, found.document);
      return { kind: 'wait', minutes: minutes((recent[0] ?? now) + hourMs - now) };
    }
    return issued(context, await create(context, { id, found, issued: [...recent, now], now }));
  });
}

function isReusable(document: SignInDocument, turnId: string, now: number): boolean {
  if (!isOpen(document, now)) return false;
  if (document.turnId === turnId || now - document.issuedAt < minuteMs) return true;
  return document.state === 'confirmed' && document.expiresAt - now > leftToFinishMs;
}

async function create(
  { ports, options, chat, signal }: ChatSignIn,
  given: { id: string; found: SignIn | undefined; issued: number[]; now: number },
): Promise<SignInDocument> {
  const { id, found, now } = given;
  const key = await ports.dataKeys.keyFor(chat.conversationId, signal);
  const secrets: SignInSecrets = chat.phone === undefined ? {} : { masked: maskPhone(chat.phone) };
  const document: SignInDocument = {
    id,
    workspace: options.workspace,
    conversationId: chat.conversationId,
    state: 'issued',
    turnId: chat.turnId,
    issuedAt: now,
    issued: given.issued,
    expiresAt: now + options.signInMs,
    attempts: 0,
    mailed: false,
    sealed: key.seal(secrets, id),
    ttl: signInTtlSeconds,
  };
  if (found) {
    await ports.signIns.replace(document, found.version, signal);
    return document;
  }
  const stored = await ports.signIns.create(document, signal);
  // Another turn's, created since we looked: whether it will do is judged again.
  if (stored.sealed !== document.sealed) throw new AppError('conflict', 'The chat has a sign-in already');
  return document;
}

function issued({ ports, options }: ChatSignIn, document: SignInDocument): Issued {
  return { kind: 'link', url: linkUrl(options, document), minutes: minutes(document.expiresAt - ports.clock.now()) };
}

function minutes(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / minuteMs));
}
