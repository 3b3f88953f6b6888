import type { SignInGate } from '../conversation/turn/state.ts';
import type { SignInChat, TurnWork } from '../conversation/turn/turn-work.ts';
import {
  answerSignIn,
  createTokenSource,
  currentRole,
  renewSignIn,
  signInIdOf,
  type ChatSignIn,
} from '../domain/people/index.ts';
import type { Directory } from '../ports/directory.ts';
import type { Ports } from '../ports/index.ts';
import { withSpan } from '../telemetry/index.ts';
import type { Basis } from './basis.ts';

export interface PeopleWork {
  readonly people: Ports['people'];
  readonly signIns: Ports['signIns'];
  /** An access token of this person for Microsoft Graph. @throws {AppError} `sign-in-required`. */
  tokenFor(personId: string, signal?: AbortSignal): Promise<string>;
  /** The caller's role as Entra gives it, an hour old at most. */
  roleOf: TurnWork['roleOf'];
  /** Where a conversation's sign-in is kept. */
  signInIdOf(conversationId: string): string;
  /** The sign-in of one chat; the directory tells the zone and sends the mail, with the tokens from here. */
  signInFor(directory: Directory): (chat: SignInChat) => { gate: SignInGate; renew: (signal: AbortSignal) => Promise<string> };
}

/** Who people are, and how they come to be known. */
export function createPeopleWork(
  { settings, ports, indexes }: Pick<Basis, 'settings' | 'ports' | 'indexes'>,
  own: Pick<Ports, 'people' | 'signIns' | 'audit' | 'authority'>,
): PeopleWork {
  const tokens = createTokenSource({ ...ports, ...own });
  const options = {
    workspace: settings.WORKSPACE,
    organisation: settings.ORGANISATION_NAME,
    publicUrl: settings.PUBLIC_URL,
    linkKey: settings.BLIND_INDEX_KEY,
    signInMs: settings.SIGN_IN_MINUTES * 60_000,
    allowedEmailDomains: settings.ALLOWED_EMAIL_DOMAINS,
    courtesyTimeoutMs: settings.VENDOR_TIMEOUT_SECONDS * 1_000,
    indexes,
  };
  return {
    people: own.people,
    signIns: own.signIns,
    signInIdOf: (conversationId) => signInIdOf(options, conversationId),
    tokenFor: tokens.tokenFor,
    roleOf: (caller, signal) => currentRole({ people: own.people, tokens }, caller, signal),
    signInFor: (directory) => (chat) => {
      const contextFor = (signal: AbortSignal): ChatSignIn => ({
        ports: { ...ports, ...own, directory },
        ...{ options, tokens, chat, signal },
      });
      let callerId: string | undefined;
      return {
        gate(caller, messages, signal) {
          callerId = caller?.personId;
          return withSpan('sign-in chat', {}, () => answerSignIn(contextFor(signal), { caller, messages }));
        },
        renew(signal) {
          // Whatever made the grant fail, this process no longer trusts what it kept of it.
          if (callerId !== undefined) tokens.forget(callerId);
          return withSpan('sign-in renew', {}, () => renewSignIn(contextFor(signal)));
        },
      };
    },
  };
}
