import { html, raw } from 'hono/html';
import type { EntraClient } from './options.ts';
import type { Account, Tenant } from './tenant.ts';

const style = `
  :root { color-scheme: light dark; --accent: #0b62c4; --line: color-mix(in srgb, currentColor 18%, transparent); }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif; background: color-mix(in srgb, var(--accent) 9%, Canvas); color: CanvasText; }
  main { width: min(26rem, calc(100vw - 2rem)); margin: 1rem 0; padding: 1.75rem; box-sizing: border-box; background: Canvas; border-radius: 12px; box-shadow: 0 2px 24px rgb(0 0 0 / 12%); }
  h1 { margin: 0; font-size: 1.4rem; } p { margin: .25rem 0 1rem; opacity: .8; }
  ul { list-style: none; margin: 0; padding: 0; }
  button { width: 100%; padding: .65rem .8rem; font: inherit; text-align: start; color: inherit; background: none; border: 1px solid var(--line); border-radius: 8px; cursor: pointer; }
  li + li { margin-top: .5rem; } button:hover { border-color: var(--accent); }
  button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  button[data-hinted] { border: 2px solid var(--accent); }
  button strong, button span { display: block; } button span { font-size: .875rem; opacity: .75; }
  .cancel { margin-top: 1rem; text-align: center; border-color: transparent; text-decoration: underline; }
  small { display: block; margin-top: 1rem; opacity: .75; } code { overflow-wrap: anywhere; }`;

async function shell(title: string, body: unknown): Promise<string> {
  const markup = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`;
  return markup.toString();
}

/** The page that asks who signs in: one button a person; the one hinted at comes first and has the focus. */
export function accountPage(options: {
  readonly tenant: Tenant;
  readonly client: EntraClient;
  readonly query: URLSearchParams;
  readonly loginHint: string | undefined;
}): Promise<string> {
  const { tenant, client, query, loginHint } = options;
  const hinted = loginHint === undefined ? undefined : tenant.accountBySignInName(loginHint);
  const accounts = hinted ? [hinted, ...tenant.accounts.filter((account) => account !== hinted)] : tenant.accounts;
  return shell(
    'Choose an account',
    html`<h1>Choose an account</h1>
      <p>to continue to <strong>${client.name ?? client.clientId}</strong></p>
      <form method="post" action="${tenant.url('/login')}">
        <input type="hidden" name="request" value="${query.toString()}" />
        <ul>
          ${accounts.map((account) => accountButton(account, account === hinted))}
        </ul>
        <button class="cancel" name="account" value="cancel">Cancel</button>
      </form>
      <small>A stand-in for Microsoft Entra ID: everybody here is invented, and nobody needs a password.</small>`,
  );
}

const kinds = { member: '', guest: ' · invited guest', stranger: ' · not in this organisation' } as const;

function accountButton({ name, userPrincipalName, kind }: Account, isHinted: boolean) {
  return html`<li>
    <button name="account" value="${userPrincipalName}" ${isHinted ? raw(' autofocus data-hinted') : ''}>
      <strong>${name}</strong><span>${userPrincipalName}${kinds[kind]}</span>
    </button>
  </li>`;
}

/** What Entra shows when it can or may not send anybody back. */
export function errorPage({ description, code }: { readonly description: string; readonly code: number }): Promise<string> {
  return shell(
    "Sorry, but we're having trouble signing you in",
    html`<h1>Sorry, but we're having trouble signing you in</h1>
      <p role="alert"><code>${description}</code></p>
      <small
        >Go back to choose another account, or see what
        <a href="https://login.microsoftonline.com/error?code=${code}">AADSTS${code}</a> means.</small
      >`,
  );
}

/** `response_mode=form_post`: a form that sends itself. */
export function formPostPage(redirectUri: string, parameters: Readonly<Record<string, string>>): Promise<string> {
  return shell(
    'Working…',
    html`<form method="post" action="${redirectUri}">
        ${Object.entries(parameters).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        <p>You are signed in.</p>
        <button autofocus>Continue</button>
      </form>
      <script>
        document.forms[0].submit();
      </script>`,
  );
}

export function signedOutPage(): Promise<string> {
  return shell(
    'You signed out',
    html`<h1>You signed out of your account</h1>
      <p>It is a good idea to close all browser windows.</p>`,
  );
}
