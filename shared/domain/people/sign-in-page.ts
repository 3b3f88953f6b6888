import type { SignInView } from './browser-sign-in.ts';
import { markup, type Html } from './html.ts';
import { pageStyle, pageStyleHash } from './page-style.ts';

export interface SignInPageOptions {
  readonly organisation: string;
  /** The assistant's own number, E.164: where the code goes. */
  readonly assistantPhone: string;
  /** What a link to a chat begins with: `https://wa.me`. */
  readonly chatLinkUrl: string;
  /** Where the form leads in the end: browsers hold a redirect after a POST to the policy too. */
  readonly authorityOrigin: string;
}

/** An HTTP answer with a page, or one that sends the browser on. */
export interface SignInPage {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Content {
  readonly status: number;
  readonly title: string;
  readonly body: Html;
}

/** The page for what came out; `to-authority` has none. */
export function renderSignInPage(options: SignInPageOptions, view: Exclude<SignInView, { kind: 'to-authority' }>): SignInPage {
  const { status, title, body } = contentOf(options, view);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Adjutant, ${options.organisation}</title>
<style>${{ markup: pageStyle }}</style>
</head>
<body>
<main>
<header>Adjutant, the assistant of ${options.organisation}</header>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
  return { status, headers: { ...pageHeaders(options), 'content-type': 'text/html; charset=utf-8' }, body: page.markup };
}

/** What every answer carries: nothing runs, nothing is kept, nothing is framed, no address is passed on. */
export function pageHeaders({ authorityOrigin }: Pick<SignInPageOptions, 'authorityOrigin'>): Record<string, string> {
  return {
    'content-security-policy': `default-src 'none'; style-src '${pageStyleHash}'; form-action 'self' ${authorityOrigin}; base-uri 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
  };
}

function contentOf(options: SignInPageOptions, view: Exclude<SignInView, { kind: 'to-authority' }>): Content {
  if (view.kind === 'confirm') return confirmContent(options, view);
  if (view.kind === 'code') return codeContent(options, view);
  if (view.kind === 'wrong-account') {
    return {
      status: 403,
      title: 'This account cannot be linked',
      body: markup`<p>
You signed in as ${view.email}. Only accounts with an address of ${view.domains.join(' or ')} can be linked.
</p>
<p>Nothing was linked. To use another account, open the link in the chat once more.</p>`,
    };
  }
  const { status, title, text } = plainPages[view.kind];
  return { status, title, body: markup`<p>${text}</p>` };
}

function confirmContent({ organisation }: SignInPageOptions, view: Extract<SignInView, { kind: 'confirm' }>): Content {
  return {
    status: 200,
    title: 'Link this number to your account?',
    body: markup`${chatOf(view.masked)}
<p>
You sign in with Microsoft, and this WhatsApp number is linked to your ${organisation} account: whoever writes from it
can then use the assistant as you, with your calendar and your files.
</p>
<p class="warning"><strong>Only continue if this is your number and you asked for it.</strong></p>
<form method="post"><button type="submit">Continue to Microsoft</button></form>
<p class="quiet">This link works for another ${view.minutes} min. If you did not ask for it, just close this page.</p>`,
  };
}

function codeContent({ assistantPhone, chatLinkUrl }: SignInPageOptions, view: Extract<SignInView, { kind: 'code' }>): Content {
  const chat = `${chatLinkUrl.replace(/\/$/, '')}/${assistantPhone.replace(/\D/g, '')}?text=${view.code}`;
  return {
    status: 200,
    title: 'One last step: send this code in the chat',
    body: markup`<output id="code">${view.code}</output>
<p>Send it to the assistant from the number that asked:</p>
${chatOf(view.masked)}
<a class="button" href="${chat}" rel="noreferrer">Open WhatsApp with the code</a>
<p class="quiet">The code works for ${view.minutes} min.</p>
<p class="warning">
<strong>Give it to nobody else.</strong> If somebody asks you for it, or the number is not yours, close this page.
</p>`,
  };
}

function chatOf(masked: string | undefined): Html {
  return masked === undefined
    ? markup`<p class="number">Your WhatsApp chat with the assistant</p>`
    : markup`<p class="number">${masked}</p>`;
}

const again = 'Write to the assistant once more to get a new link.';

const plainPages: Readonly<
  Record<
    Exclude<SignInView['kind'], 'confirm' | 'to-authority' | 'code' | 'wrong-account'>,
    Omit<Content, 'body'> & { text: string }
  >
> = {
  unknown: { status: 404, title: 'This link is not valid', text: `It may have been replaced by a newer one. ${again}` },
  expired: { status: 410, title: 'This link has expired', text: again },
  used: { status: 410, title: 'This link has been used', text: `It works once. ${again}` },
  refused: { status: 410, title: 'This sign-in was closed', text: `Too many wrong codes were sent. ${again}` },
  linked: { status: 410, title: 'You are signed in', text: 'This link has done its work. Go back to the chat and ask away.' },
  cancelled: {
    status: 200,
    title: 'You did not sign in',
    text: 'You cancelled at Microsoft, and nothing was linked. To try again, open the link in the chat once more, or write to the assistant for a new one.',
  },
  'another-browser': {
    status: 403,
    title: 'This is not the browser you began in',
    text: `Sign-in has to end in the browser in which it was confirmed, so nothing was linked. Open the link in the chat once more. If it no longer works, write to the assistant for a new one.`,
  },
  elsewhere: {
    status: 403,
    title: 'Please open the link itself',
    text: 'Another page sent you here. Nothing was linked. Open the link in the chat and continue from there.',
  },
  'wrong-tenant': {
    status: 403,
    title: 'Microsoft did not accept this sign-in',
    text: 'The account is not one of this organisation, or the sign-in was interrupted. Nothing was linked. Open the link in the chat once more and use your work account.',
  },
  'not-allowed': {
    status: 403,
    title: 'Microsoft did not sign you in',
    text: 'Nothing was linked. Open the link in the chat once more; if it happens again, your IT department can tell what is missing.',
  },
  interrupted: {
    status: 410,
    title: 'This sign-in was interrupted',
    text: 'Nothing was linked. Open the link in the chat once more.',
  },
  unavailable: {
    status: 503,
    title: 'Please try again in a moment',
    text: 'Something we need is not available right now. Nothing was linked. Open the link in the chat once more in a minute or two.',
  },
};
