import { codeView, endedView, minutesLeft, type BrowserSignIn, type SignInView } from './browser-sign-in.ts';
import { againOnConflict, isOpen, loadSignIn, replaceSignIn, type SignIn } from './sign-in-document.ts';
import { cookieNameOf, hashOf, isLinkOf, isSame, newState, parseLink, signInUrl } from './sign-in-link.ts';

/** Names and values of the cookies that the browser sent. */
export type Cookies = Readonly<Record<string, string>>;

/** GET on the link: shows whose number it is and changes nothing, because previewers open links before people do. */
export async function showLink(
  context: BrowserSignIn,
  { link, cookies }: { link: string; cookies: Cookies },
  signal?: AbortSignal,
): Promise<SignInView> {
  const signIn = await findByLink(context, link, signal);
  if (!signIn) return { kind: 'unknown' };
  if (isOpen(signIn.document, context.ports.clock.now())) {
    return { kind: 'confirm', masked: signIn.secrets.masked, minutes: minutesLeft(context, signIn) };
  }
  return isFromBrowserOf(signIn, cookies) ? codeView(context, signIn) : endedView(context, signIn);
}

/** POST on the link: binds it to this browser and sends the browser to Entra. Until a code is won it may be done again. */
export async function confirmLink(context: BrowserSignIn, link: string, signal?: AbortSignal): Promise<SignInView> {
  const { ports, options } = context;
  return againOnConflict(async () => {
    const signIn = await findByLink(context, link, signal);
    if (!signIn) return { kind: 'unknown' };
    const { document, secrets } = signIn;
    if (!isOpen(document, ports.clock.now())) return endedView(context, signIn);
    const [cookie, nonce, codeVerifier] = [ports.ids.secret(32), ports.ids.secret(32), ports.ids.secret(32)];
    const state = newState(options, document, ports.ids.secret(32));
    const browser = { cookieHash: hashOf(cookie), state, nonce, codeVerifier };
    await replaceSignIn(ports, signIn, { document: { state: 'confirmed' }, secrets: { ...secrets, browser }, signal });
    const redirectUri = redirectUriOf(context);
    const url = await ports.authority.authorizationUrl({ redirectUri, state, nonce, codeChallenge: hashOf(codeVerifier) });
    return { kind: 'to-authority', url, cookie: { name: cookieNameOf(document.id), value: cookie } };
  });
}

/** Whether this is the browser that confirmed. */
export function isFromBrowserOf({ document, secrets }: SignIn, cookies: Cookies): boolean {
  const cookie = cookies[cookieNameOf(document.id)];
  return cookie !== undefined && secrets.browser !== undefined && isSame(hashOf(cookie), secrets.browser.cookieHash);
}

export function redirectUriOf({ options }: BrowserSignIn): string {
  return signInUrl(options, 'callback');
}

async function findByLink({ ports, options }: BrowserSignIn, link: string, signal?: AbortSignal): Promise<SignIn | undefined> {
  const parsed = parseLink(options, link);
  const signIn = parsed && (await loadSignIn(ports, parsed.id, signal));
  return signIn && isLinkOf(options, signIn.document, parsed.secret) ? signIn : undefined;
}
