import { expect, onTestFinished } from 'vitest';
import { createCosmosAudit, createCosmosPeople, createCosmosSignIns } from '../../shared/adapters/cosmos/people.ts';
import { createBasis } from '../../shared/wiring/basis.ts';
import { createPeopleWork } from '../../shared/wiring/people.ts';
import { loadSettings } from '../../shared/config/config.ts';
import { findCaller } from '../../shared/domain/identity/index.ts';
import { startAuthority } from '../adapters/entra/start-authority.ts';
import { environment, evasChat, linkIn } from '../domain/people/start-sign-in.ts';
import { choose, sentBack } from '../sandbox/entra/start-entra.ts';
import { runHost } from '../sandbox/host/start-host.ts';
import { startCosmos } from '../support/cosmos.ts';
import { createFakeDirectory } from '../support/fakes/fake-directory.ts';
import { verifies } from '../verifies.ts';

const serviceBus = 'Endpoint=sb://127.0.0.1;SharedAccessKeyName=key;SharedAccessKey=key;UseDevelopmentEmulator=true';

/** The triggers in a host of their own, and the chat's side here: the two meet in Cosmos alone. */
async function startTwoProcesses() {
  const [{ sandbox }, { authorityUrl, authority }] = [await startCosmos(), await startAuthority()];
  const given = {
    ...environment,
    ...{ COSMOS_ENDPOINT: sandbox.endpoint, COSMOS_KEY: sandbox.key, ENTRA_AUTHORITY_URL: authorityUrl, SERVICE_BUS: serviceBus },
  };
  const host = await runHost({ app: '../../../..', arguments: ['--entry', 'functions/sign-in.ts'], environment: given });
  const basis = createBasis(loadSettings(given));
  onTestFinished(() => basis.close());
  const { cosmos } = basis;
  const own = { people: createCosmosPeople(cosmos), signIns: createCosmosSignIns(cosmos), audit: createCosmosAudit(cosmos) };
  const work = createPeopleWork(basis, { ...own, authority });
  const directory = createFakeDirectory();
  let turns = 0;
  const say = (text: string) => {
    const { gate } = work.signInFor(directory)({ ...evasChat, turnId: `turn-${(turns += 1)}` });
    return gate(undefined, [{ text, sentAt: 0, hasMedia: false }], new AbortController().signal);
  };
  const { conversationId, ...names } = evasChat;
  const caller = () => findCaller({ ...basis.ports, ...own }, basis.indexes, { names, conversationId });
  return { host, work, say, caller, directory };
}

verifies(
  ['sign-in:link', 'sign-in:preview-harmless', 'sign-in:code-in-chat', 'sign-in:single-use'],
  'by the triggers, in a browser',
  async () => {
    const { host, work, say, caller, directory } = await startTwoProcesses();
    const url = `${host.url}/api/sign-in/${linkIn(await say('Hello'))}`;

    const opened = await fetch(url);
    const confirmed = await fetch(url, { method: 'POST', redirect: 'manual' });
    const cookie = confirmed.headers.get('set-cookie') ?? '';
    const back = sentBack(await choose(confirmed.headers.get('location') ?? '', 'eva@alderfinch.example'));
    const callback = `${host.url}/api/sign-in/callback?${new URLSearchParams(back).toString()}`;
    const elsewhere = await fetch(callback);
    const shown = await fetch(callback, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    const [, code = ''] = /<output id="code">(\d{6})<\/output>/.exec(await shown.text()) ?? [];
    const told = await say(code);

    expect([opened.status, confirmed.status, elsewhere.status, shown.status]).toEqual([200, 303, 403, 200]);
    expect(await opened.text()).toContain('+1 555 •••• 09');
    expect(opened.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(opened.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(opened.headers.get('set-cookie')).toBeNull();
    expect(cookie).toMatch(/^sign-in-\w{24}=[\w-]{43}; max-age=3600; path=\/api\/sign-in; samesite=lax; httponly$/i);
    expect(told).toContain('You are signed in as Eva Lindqvist (eva@alderfinch.example), role user.');
    const eva = await caller();
    expect(eva).toMatchObject({ name: 'Eva Lindqvist', timeZone: 'Europe/Lisbon' });
    await expect(work.tokenFor(eva?.personId ?? '')).resolves.toBeDefined();
    expect([(await fetch(url)).status, directory.mails.length]).toEqual([410, 1]);
    expect(await say(code)).toBe(told);
    expect(directory.mails).toHaveLength(1);
    for (const hidden of [back['code'] ?? '', '5550100009', 'Lindqvist', ` ${code}`, `"${code}`])
      expect(host.output()).not.toContain(hidden);
  },
);

verifies('sign-in:single-use', 'by the triggers, for who guesses', async () => {
  const { host } = await startTwoProcesses();

  const answers = [
    await fetch(`${host.url}/api/sign-in/${'0'.repeat(24)}-${'0'.repeat(40)}`),
    await fetch(`${host.url}/api/sign-in/x`, { method: 'POST' }),
    await fetch(`${host.url}/api/sign-in/callback`),
    await fetch(`${host.url}/api/sign-in/callback`, { method: 'POST' }),
  ];

  expect(answers.map(({ status }) => status).slice(0, 3)).toEqual([404, 404, 403]);
  expect(answers[3]?.ok).toBe(false);
});
