import { createCosmosSignIns } from '../adapters/cosmos/people.ts';
import { createEntraAuthority } from '../adapters/entra/authority.ts';
import { asAppError } from '../core/errors.ts';
import {
  confirmLink,
  finishBrowser,
  pageHeaders,
  renderSignInPage,
  showLink,
  type BrowserSignIn,
  type Cookies,
  type SignInPage,
  type SignInPageOptions,
  type SignInView,
} from '../domain/people/index.ts';
import type { Ports } from '../ports/index.ts';
import { annotateSpan, errorFields, log, withSpan } from '../telemetry/index.ts';
import { authorityOptions } from './authority.ts';
import type { Basis } from './basis.ts';

/** The pages of a sign-in. Every answer is a page in plain words, also where something is down. */
export interface SignInWork {
  /** GET on the link. */
  show(request: { link: string; cookie: string | null }): Promise<SignInAnswer>;
  /** POST on the link. @param request.site `sec-fetch-site`: a form of another site is not the person's own yes. */
  confirm(request: { link: string; site: string | null }): Promise<SignInAnswer>;
  /** The way back from Entra. */
  finish(request: { query: URLSearchParams; cookie: string | null }): Promise<SignInAnswer>;
}

export interface SignInAnswer extends SignInPage {
  readonly cookies?: {
    name: string;
    value: string;
    path: string;
    maxAge: number;
    httpOnly: true;
    sameSite: 'Lax';
    secure: boolean;
  }[];
}

// The longest that somebody may take at Entra and then look at the code.
const cookieSeconds = 3_600;

export function createSignInWork(basis: Pick<Basis, 'settings' | 'ports' | 'cosmos'>): SignInWork {
  const authority = createEntraAuthority(authorityOptions(basis.settings));
  return createSignInPages(basis, { signIns: createCosmosSignIns(basis.cosmos), authority });
}

export function createSignInPages(
  { settings, ports }: Pick<Basis, 'settings' | 'ports'>,
  own: Pick<Ports, 'signIns' | 'authority'>,
): SignInWork {
  const page: SignInPageOptions = {
    organisation: settings.ORGANISATION_NAME,
    assistantPhone: settings.WAHA_ACCOUNT_PHONE,
    chatLinkUrl: settings.WHATSAPP_LINK_URL,
    authorityOrigin: new URL(settings.ENTRA_AUTHORITY_URL).origin,
  };
  const context: BrowserSignIn = {
    ports: { ...ports, ...own },
    options: {
      workspace: settings.WORKSPACE,
      publicUrl: settings.PUBLIC_URL,
      linkKey: settings.BLIND_INDEX_KEY,
      signInMs: settings.SIGN_IN_MINUTES * 60_000,
      tenantId: settings.ENTRA_TENANT_ID,
      allowedEmailDomains: settings.ALLOWED_EMAIL_DOMAINS.map((domain) => domain.toLowerCase()),
    },
  };
  const secure = settings.PUBLIC_URL.startsWith('https:');
  const answer = async (step: string, run: () => Promise<SignInView>): Promise<SignInAnswer> =>
    withSpan(`sign-in ${step}`, {}, async () => {
      const view = await orUnavailable(step, run);
      annotateSpan({ outcome: view.kind });
      if (view.kind !== 'to-authority') return renderSignInPage(page, view);
      const cookie = {
        ...view.cookie,
        path: '/api/sign-in',
        maxAge: cookieSeconds,
        httpOnly: true,
        sameSite: 'Lax',
        secure,
      } as const;
      return { status: 303, headers: { ...pageHeaders(page), location: view.url }, body: '', cookies: [cookie] };
    });
  return {
    show: ({ link, cookie }) => answer('show', () => showLink(context, { link, cookies: parseCookies(cookie) })),
    confirm: ({ link, site }) =>
      answer('confirm', () =>
        site === null || site === 'same-origin' || site === 'none'
          ? confirmLink(context, link)
          : Promise.resolve({ kind: 'elsewhere' }),
      ),
    finish: ({ query, cookie }) =>
      answer('finish', () =>
        finishBrowser(context, {
          state: query.get('state') ?? '',
          code: query.get('code') ?? undefined,
          error: query.get('error') ?? undefined,
          cookies: parseCookies(cookie),
        }),
      ),
  };
}

/** What is known to go wrong is a page that says so; a bug stays one. */
async function orUnavailable(step: string, run: () => Promise<SignInView>): Promise<SignInView> {
  try {
    return await run();
  } catch (error) {
    if (!asAppError(error)) throw error;
    log('error', 'sign-in.unavailable', { step, ...errorFields(error) });
    return { kind: 'unavailable' };
  }
}

function parseCookies(header: string | null): Cookies {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='));
  return Object.fromEntries(pairs.map(([name = '', ...value]) => [name, value.join('=')]));
}
