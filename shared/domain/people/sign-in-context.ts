import type { BlindIndexes } from '../identity/index.ts';
import type { Ports } from '../../ports/index.ts';
import type { LinkOptions } from './sign-in-link.ts';
import type { TokenSource } from './token-source.ts';

/** The chat in which somebody signs in, and the turn that its messages make. */
export interface SigningInChat {
  readonly conversationId: string;
  readonly turnId: string;
  readonly lid: string | undefined;
  readonly phone: string | undefined;
}

export interface ChatSignInOptions extends LinkOptions {
  readonly organisation: string;
  readonly signInMs: number;
  readonly indexes: BlindIndexes;
  /** Lower case. */
  readonly allowedEmailDomains: readonly string[];
  /** Gives up on the directory and the mail, without which people are linked all the same. */
  readonly courtesyTimeoutMs: number;
}

/** What the chat's side of a sign-in works with. */
export interface ChatSignIn {
  readonly ports: Pick<Ports, 'audit' | 'clock' | 'dataKeys' | 'directory' | 'identities' | 'people' | 'signIns'>;
  readonly options: ChatSignInOptions;
  readonly tokens: Pick<TokenSource, 'forget'>;
  readonly chat: SigningInChat;
  readonly signal: AbortSignal;
}
