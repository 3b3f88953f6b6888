import { setTimeout as sleep } from 'node:timers/promises';
import { createBrowser, type Browser, type Page } from './browser.ts';
import type { SeedPerson } from './people.ts';

export interface OnboardOptions {
  readonly sandboxUrl: string;
  readonly people: readonly SeedPerson[];
  readonly onLine: (line: string) => void;
}

interface Shown {
  readonly id: string;
  readonly fromMe: boolean;
  readonly text: string;
}

const answerWithinMs = 30_000;

/** Signs in those of the people who are not yet, by the door that a person takes: their chat and a browser. */
export async function onboard({ sandboxUrl, people, onLine }: OnboardOptions): Promise<void> {
  const known = await get<{ email: string; onboarded: boolean }[]>(`${sandboxUrl}/sandbox/people`);
  const missing = people.filter(({ email }) => !known.some((person) => person.email === email && person.onboarded));
  if (missing.length === 0) return;
  onLine(`Signing in ${missing.map(({ name }) => name.split(' ')[0] ?? name).join(', ')} …`);
  const results = await Promise.allSettled(missing.map((person) => signIn(sandboxUrl, person)));
  for (const [index, result] of results.entries()) {
    if (result.status === 'rejected') onLine(`${missing[index]?.name ?? ''} could not be signed in: ${String(result.reason)}`);
  }
}

async function signIn(sandboxUrl: string, person: SeedPerson): Promise<void> {
  const chat = openChat(sandboxUrl, person.phone);
  const hello = await chat.write('Hello');
  const link = await chat.waitFor(hello, ({ text }) => /https?:\/\/\S+\/api\/sign-in\/\S+/.exec(text)?.[0]);
  const code = await fetchCode(createBrowser(), link.replace(/[).,]+$/, ''), person.userPrincipalName ?? person.email);
  const sent = await chat.write(code);
  await chat.waitFor(sent, ({ text }) =>
    text.includes(person.name) || text.toLowerCase().includes(person.email) ? text : undefined,
  );
}

/** Confirms on the page behind the link, chooses the account, and reads the code off the page that follows. */
async function fetchCode(browser: Browser, link: string, account: string): Promise<string> {
  const confirming = await browser.open(link);
  const choosing = await browser.submit(confirming, {});
  const done = await browser.submit(choosing, { account });
  const code = /<output\b[^>]*\bid="code"[^>]*>\s*(\d{6})\s*<\/output>/.exec(done.html)?.[1];
  if (code === undefined) throw new Error(`there is no code on ${describe(done)}`);
  return code;
}

const describe = ({ url, status }: Page) => `${new URL(url).origin}${new URL(url).pathname} (${status})`;

function openChat(sandboxUrl: string, phone: string) {
  const read = (after: string) =>
    get<{ messages: Shown[] }>(`${sandboxUrl}/sandbox/chats/${encodeURIComponent(phone)}?after=${encodeURIComponent(after)}`);
  return {
    async write(text: string): Promise<string> {
      const response = await fetch(`${sandboxUrl}/sandbox/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ from: phone, text }),
      });
      return (await answerOf<{ id: string }>(response)).id;
    },
    /** What `find` finds in the answers that came after the message. */
    async waitFor(after: string, find: (message: Shown) => string | undefined): Promise<string> {
      const deadline = performance.now() + answerWithinMs;
      let answers: Shown[] = [];
      while (performance.now() < deadline) {
        answers = (await read(after)).messages.filter(({ fromMe }) => !fromMe);
        const found = answers.map(find).find((value) => value !== undefined);
        if (found !== undefined) return found;
        await sleep(100);
      }
      const last = answers.at(-1)?.text;
      throw new Error(last === undefined ? 'no answer came' : `the answer was: ${last}`);
    },
  };
}

async function get<T>(url: string): Promise<T> {
  return answerOf<T>(await fetch(url));
}

async function answerOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${new URL(response.url).pathname} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
