import type { Ports } from '../../ports/index.ts';
import type { LinkOptions } from './sign-in-link.ts';
import type { SignIn } from './sign-in-document.ts';

/** What the browser's side of a sign-in works with. */
export interface BrowserSignIn {
  readonly ports: Pick<Ports, 'authority' | 'clock' | 'dataKeys' | 'ids' | 'signIns'>;
  readonly options: BrowserSignInOptions;
}

export interface BrowserSignInOptions extends LinkOptions {
  readonly signInMs: number;
  readonly tenantId: string;
  /** Lower case. */
  readonly allowedEmailDomains: readonly string[];
}

/** What the browser is shown next. */
export type SignInView =
  | { readonly kind: 'confirm'; readonly masked: string | undefined; readonly minutes: number }
  /** Off to Microsoft, with the cookie that the way back is bound to. */
  | { readonly kind: 'to-authority'; readonly url: string; readonly cookie: { readonly name: string; readonly value: string } }
  | { readonly kind: 'code'; readonly code: string; readonly masked: string | undefined; readonly minutes: number }
  | { readonly kind: 'linked' | 'used' | 'expired' | 'unknown' | 'refused' | 'cancelled' | 'another-browser' | 'elsewhere' }
  | { readonly kind: 'wrong-account'; readonly email: string; readonly domains: readonly string[] }
  | { readonly kind: 'wrong-tenant' | 'not-allowed' | 'interrupted' | 'unavailable' };

export function minutesLeft({ ports }: BrowserSignIn, { document }: SignIn): number {
  return Math.max(1, Math.ceil((document.expiresAt - ports.clock.now()) / 60_000));
}

/** What a sign-in that goes no further in this browser says. */
export function endedView({ ports }: BrowserSignIn, { document }: SignIn): SignInView {
  if (document.state === 'refused') return { kind: 'refused' };
  if (document.state === 'linked' || document.state === 'linking') return { kind: 'linked' };
  return { kind: document.expiresAt <= ports.clock.now() ? 'expired' : 'used' };
}

/** The code, for the browser that won it. */
export function codeView(context: BrowserSignIn, signIn: SignIn): SignInView {
  const { code, masked } = signIn.secrets;
  const isShown = signIn.document.state === 'awaiting-code' && signIn.document.expiresAt > context.ports.clock.now();
  if (!isShown || code === undefined) return endedView(context, signIn);
  return { kind: 'code', code, masked, minutes: minutesLeft(context, signIn) };
}
