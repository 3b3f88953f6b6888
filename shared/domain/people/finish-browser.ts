import { asAppError } from '../../core/errors.ts';
import type { SignedInAccount } from '../../ports/authority.ts';
import { errorFields, log } from '../../telemetry/index.ts';
import { codeView, endedView, type BrowserSignIn, type SignInView } from './browser-sign-in.ts';
import { isOfDomain } from './email-domain.ts';
import { isFromBrowserOf, redirectUriOf, type Cookies } from './open-link.ts';
import { loadSignIn, replaceSignIn, type SignIn } from './sign-in-document.ts';
import { idOfState, isSame } from './sign-in-link.ts';

/** What Entra sent the browser back with. */
export interface Callback {
  readonly state: string;
  readonly code: string | undefined;
  readonly error: string | undefined;
  readonly cookies: Cookies;
}

const otherLoadLooks = 5;
const otherLoadLookMs = 400;

type Browser = NonNullable<SignIn['secrets']['browser']>;

/**
 * The way back from Entra, for the browser that confirmed and no other. The code that it shows links nobody until it is
 * sent in the chat that asked. Loading the page again shows it again.
 */
export async function finishBrowser(context: BrowserSignIn, callback: Callback, signal?: AbortSignal): Promise<SignInView> {
  const found = await findByState(context, callback, signal);
  if (!found) return { kind: 'another-browser' };
  const { signIn, browser } = found;
  if (signIn.document.state !== 'confirmed') return codeView(context, signIn);
  if (signIn.document.expiresAt <= context.ports.clock.now()) return { kind: 'expired' };
  if (callback.code === undefined) return notSignedIn(callback.error);
  const account = await redeem(context, { code: callback.code, browser }, signal);
  if (account === 'gone') return otherLoad(context, callback, signal);
  if (account === 'refused') return { kind: 'wrong-tenant' };
  const refused = refusalOf(context, account);
  if (refused) return refused;
  try {
    return await awaitCode(context, { signIn, account }, signal);
  } catch (error) {
    if (!asAppError(error, 'conflict')) throw error;
    const now = await findByState(context, callback, signal);
    return now ? codeView(context, now.signIn) : endedView(context, signIn);
  }
}

async function findByState(
  { ports, options }: BrowserSignIn,
  { state, cookies }: Callback,
  signal: AbortSignal | undefined,
): Promise<{ signIn: SignIn; browser: Browser } | undefined> {
  const id = idOfState(options, state);
  const signIn = id === undefined ? undefined : await loadSignIn(ports, id, signal);
  const browser = signIn?.secrets.browser;
  if (!browser || !isFromBrowserOf(signIn, cookies) || !isSame(state, browser.state)) return undefined;
  return { signIn, browser };
}

/** The code was redeemed already: by the same page loaded twice at once, whose other load is about to store it. */
async function otherLoad(context: BrowserSignIn, callback: Callback, signal: AbortSignal | undefined): Promise<SignInView> {
  for (let looks = 0; looks < otherLoadLooks; looks += 1) {
    const now = await findByState(context, callback, signal);
    if (now && now.signIn.document.state !== 'confirmed') return codeView(context, now.signIn);
    await context.ports.clock.sleep(otherLoadLookMs, signal);
  }
  return { kind: 'interrupted' };
}

function notSignedIn(error: string | undefined): SignInView {
  log('info', 'sign-in.not-signed-in', { reason: /^[a-z_]{1,60}$/.exec(error ?? '')?.[0] ?? 'unknown' });
  return { kind: error === 'access_denied' ? 'cancelled' : 'not-allowed' };
}

async function redeem(
  context: BrowserSignIn,
  { code, browser }: { code: string; browser: Browser },
  signal: AbortSignal | undefined,
): Promise<SignedInAccount | 'gone' | 'refused'> {
  const { nonce, codeVerifier } = browser;
  try {
    return await context.ports.authority.redeemCode({ code, redirectUri: redirectUriOf(context), codeVerifier, nonce }, signal);
  } catch (error) {
    const known = asAppError(error, 'gone', 'unauthorized');
    if (!known) throw error;
    log('warn', 'sign-in.code-refused', errorFields(known));
    return known.code === 'gone' ? 'gone' : 'refused';
  }
}

/** Who may use the assistant at all: accounts of the tenant, with an address of the organisation. */
function refusalOf({ options }: BrowserSignIn, { tenantId, email }: SignedInAccount): SignInView | undefined {
  if (tenantId !== options.tenantId) return { kind: 'wrong-tenant' };
  if (isOfDomain(email, options.allowedEmailDomains)) return undefined;
  log('warn', 'sign-in.domain-refused');
  return { kind: 'wrong-account', email, domains: options.allowedEmailDomains };
}

async function awaitCode(
  context: BrowserSignIn,
  { signIn, account }: { signIn: SignIn; account: SignedInAccount },
  signal: AbortSignal | undefined,
): Promise<SignInView> {
  const { ports, options } = context;
  const { cache, ...who } = account;
  const code = String(ports.ids.number(1_000_000)).padStart(6, '0');
  const document = { state: 'awaiting-code' as const, expiresAt: ports.clock.now() + options.signInMs, attempts: 0 };
  const secrets = { ...signIn.secrets, code, account: { ...who, appRoles: [...who.appRoles] }, cache };
  await replaceSignIn(ports, signIn, { document, secrets, signal });
  return codeView(context, { ...signIn, document: { ...signIn.document, ...document }, secrets });
}
