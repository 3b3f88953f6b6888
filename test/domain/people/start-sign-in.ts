import { onTestFinished } from 'vitest';
import type { EntraOptions } from '../../../sandbox/entra/entra.ts';
import { createLocalKeyWrapper } from '../../../shared/adapters/keyvault/local-key-wrapper.ts';
import { loadSettings, type Settings } from '../../../shared/config/config.ts';
import type { PersonCaller } from '../../../shared/core/caller.ts';
import { createBlindIndexes, findCaller } from '../../../shared/domain/identity/index.ts';
import { createDataKeys } from '../../../shared/domain/privacy/index.ts';
import { setLogSink } from '../../../shared/telemetry/index.ts';
import { createPeopleWork } from '../../../shared/wiring/people.ts';
import { createSignInPages, type SignInAnswer } from '../../../shared/wiring/sign-in.ts';
import { clientId, clientSecret, startAuthority, tenantId } from '../../adapters/entra/start-authority.ts';
import { choose, sentBack } from '../../sandbox/entra/start-entra.ts';
import { createFakeAudit } from '../../support/fakes/fake-audit.ts';
import { createFakeClock } from '../../support/fakes/fake-clock.ts';
import { createFakeDirectory } from '../../support/fakes/fake-directory.ts';
import { createFakeIdentities } from '../../support/fakes/fake-identities.ts';
import { createFakeIds } from '../../support/fakes/fake-ids.ts';
import { createFakePeople } from '../../support/fakes/fake-people.ts';
import { createFakeSignIns } from '../../support/fakes/fake-sign-ins.ts';
import { createFakeWrappedKeys } from '../../support/fakes/fake-wrapped-keys.ts';

/** Settings in which sign-in's own are true. */
export const environment = {
  ...{ WORKSPACE: 'alderfinch', ORGANISATION_NAME: 'Alder & Finch', ALLOWED_EMAIL_DOMAINS: 'alderfinch.example' },
  ...{ PUBLIC_URL: 'http://127.0.0.1:7071', WAHA_ACCOUNT_PHONE: '+15550100000', COSMOS_ENDPOINT: 'http://127.0.0.1:1' },
  ...{
    DATABASE_URL: 'postgresql://localhost/x',
    SERVICE_BUS: 'x',
    WAHA_URL: 'http://127.0.0.1:1',
    WAHA_API_KEY: 'a-key-of-16-chars',
  },
  ...{ WAHA_SESSION: 'default', WAHA_HMAC_KEYS: 'a-key-of-16-chars', OPENAI_API_KEY: 'x', OPENAI_MODEL: 'x' },
  ...{ ENTRA_TENANT_ID: tenantId, ENTRA_CLIENT_ID: clientId, ENTRA_CLIENT_SECRET: clientSecret },
  ORGANISATION_KEY: Buffer.alloc(32, 1).toString('base64'),
  BLIND_INDEX_KEY: Buffer.alloc(32, 2).toString('base64'),
};

/** A chat that somebody writes from. */
export interface Chat {
  readonly conversationId: string;
  readonly lid?: string;
  readonly phone?: string;
}
export const evasChat = { conversationId: 'alderfinch:eva', lid: '271828182845909', phone: '+15550100009' };
export const anasChat = { conversationId: 'alderfinch:ana', lid: '271828182845901', phone: '+15550100001' };

/** Chat and pages on fakes of the stores, the clock and the directory, and the real adapter on the stand-in of Entra. */
export async function startSignIn(
  options: { entra?: Partial<EntraOptions>; settings?: Partial<Record<keyof Settings, string>> } = {},
) {
  const { authority, authorityUrl, entra, context } = await startAuthority(options.entra ? { entra: options.entra } : {});
  const settings = loadSettings({ ...environment, ENTRA_AUTHORITY_URL: authorityUrl, ...options.settings });
  // Entra lives in real time, and tokens end by it.
  const clock = createFakeClock(Date.now());
  const wrappedKeys = createFakeWrappedKeys();
  const fakes = {
    ...{ clock, people: createFakePeople(), signIns: createFakeSignIns(), identities: createFakeIdentities() },
    ...{ audit: createFakeAudit(), directory: createFakeDirectory(), ids: createFakeIds() },
    dataKeys: createDataKeys({ wrappedKeys, keyWrapper: createLocalKeyWrapper(settings.ORGANISATION_KEY), clock }),
  };
  const indexes = createBlindIndexes(settings.BLIND_INDEX_KEY, settings.WORKSPACE);
  // What sign-in takes of the basis; the rest of it is not there to be touched.
  const basis = { settings, indexes, ports: fakes } as unknown as Parameters<typeof createPeopleWork>[0];
  const work = createPeopleWork(basis, { ...fakes, authority });
  const pages = createSignInPages(basis, { ...fakes, authority });
  const signInFor = work.signInFor(fakes.directory);
  const names = ({ lid, phone }: Chat) => ({ lid, phone });
  const logs: string[] = [];
  onTestFinished(setLogSink((_level, line) => void logs.push(line)));
  let turns = 0;

  const callerOf = (chat: Chat): Promise<PersonCaller | undefined> =>
    findCaller(fakes, indexes, { names: names(chat), conversationId: chat.conversationId });
  /** A turn of these messages; without a `turnId` a new one. */
  const say = async (chat: Chat, texts: string | readonly string[], turnId = `turn-${(turns += 1)}`) => {
    const { gate } = signInFor({ conversationId: chat.conversationId, turnId, ...names(chat) });
    const messages = [texts].flat().map((text) => ({ text, sentAt: clock.now(), hasMedia: false }));
    return gate(await callerOf(chat), messages, new AbortController().signal);
  };
  return { ...fakes, ...{ logs, authority, entra, context, indexes, basis, pages, work, signInFor, say, callerOf, settings } };
}

export type SignInWorld = Awaited<ReturnType<typeof startSignIn>>;

/** The last part of the address in what the chat was told. */
export function linkIn(text: string | undefined): string {
  const [, link] = /http:\/\/127\.0\.0\.1:7071\/api\/sign-in\/(\S+)/.exec(text ?? '') ?? [];
  if (link === undefined) throw new Error(`no link in: ${text ?? 'nothing'}`);
  return link;
}

export function codeIn({ body }: SignInAnswer): string {
  const [, code] = /<output id="code">(\d{6})<\/output>/.exec(body) ?? [];
  if (code === undefined) throw new Error(`no code in: ${body}`);
  return code;
}

/** The cookie header of a browser that was given this answer. */
export function cookieOf({ cookies = [] }: SignInAnswer): string {
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** Confirms and chooses an account at Entra; answers what the browser comes back with. */
export async function comeBack({ pages }: SignInWorld, link: string, email: string) {
  const confirmed = await pages.confirm({ link, site: 'same-origin' });
  const back = sentBack(await choose(confirmed.headers['location'] ?? '', email));
  return { query: new URLSearchParams(back), cookie: cookieOf(confirmed) };
}

/** The whole way of a browser, from the link to the six digits. */
export async function winCode(world: SignInWorld, link: string, email: string): Promise<string> {
  return codeIn(await world.pages.finish(await comeBack(world, link, email)));
}

/** From the first message to being linked; answers what the chat is told. */
export async function signInChat(world: SignInWorld, chat: Chat, email: string): Promise<string | undefined> {
  return world.say(chat, await winCode(world, linkIn(await world.say(chat, 'Hello')), email));
}
