import { createCosmosAudit, createCosmosPeople, createCosmosSignIns } from '../../shared/adapters/cosmos/people.ts';
import { createEntraAuthority } from '../../shared/adapters/entra/authority.ts';
import { loadSettings } from '../../shared/config/config.ts';
import { authorityOptions } from '../../shared/wiring/authority.ts';
import { createBasis } from '../../shared/wiring/basis.ts';
import { createPeopleWork } from '../../shared/wiring/people.ts';
import type { CreateTarget } from '../target.ts';
import type { World } from '../world.ts';
import { createHttpTarget } from './http-target.ts';
import type { Seed } from './seeds.ts';

const chats = 6;

/** The pages of a sign-in and the way back from Entra, with links, states and cookies that are right until they are changed. */
export const createSignInTarget: CreateTarget = async (world) => {
  const links = await issueLinks(world);
  const way = await Promise.all(links.slice(0, chats / 2).map((link) => confirm(world, link)));
  const site = { 'sec-fetch-site': 'same-origin' };
  const seeds: Seed[] = [
    ...links.map((link) => ({ method: 'GET', path: `/api/sign-in/${link}` })),
    ...links.map((link) => ({ method: 'POST', path: `/api/sign-in/${link}`, headers: site, form: [['a', 'b']] as const })),
    ...way.flatMap(({ state, cookie }): Seed[] => [
      {
        method: 'GET',
        path: '/api/sign-in/callback',
        headers: { cookie },
        query: [
          ['state', state],
          ['code', 'a.code'],
          ['session_state', 'x'],
        ],
      },
      {
        method: 'GET',
        path: '/api/sign-in/callback',
        headers: { cookie },
        query: [
          ['state', state],
          ['error', 'access_denied'],
          ['error_description', 'AADSTS65004'],
        ],
      },
      {
        method: 'GET',
        path: '/api/sign-in/callback',
        query: [
          ['state', state],
          ['code', 'a.code'],
        ],
      },
    ]),
  ];
  return createHttpTarget({
    ...{ under: 'application', url: world.applicationUrl, headers: {}, seeds },
    // A page with a heading; and the host's own empty answer to what is no route of ours.
    saysWhy: (_body, { status, body }) => /<h1>[^<]+<\/h1>\s*<p>/.test(body) || (status === 404 && body === ''),
  });
};

/** The links that people who nobody knows yet are sent in their chats. */
async function issueLinks({ environment }: World): Promise<string[]> {
  const settings = loadSettings(environment);
  const basis = createBasis(settings);
  const { cosmos } = basis;
  const own = { people: createCosmosPeople(cosmos), signIns: createCosmosSignIns(cosmos), audit: createCosmosAudit(cosmos) };
  const work = createPeopleWork(basis, { ...own, authority: createEntraAuthority(authorityOptions(settings)) });
  const directory = { describe: nobody, find: nobody } as unknown as Parameters<typeof work.signInFor>[0];
  const links: string[] = [];
  for (let number = 0; number < chats; number += 1) {
    const lid = `2718281828450${String(number).padStart(2, '0')}`;
    const { gate } = work.signInFor(directory)({
      conversationId: `${settings.WORKSPACE}:fuzz-${number}`,
      turnId: `fuzz-${number}`,
      lid,
      phone: undefined,
    });
    const told = await gate(undefined, [{ text: 'Hello', sentAt: Date.now(), hasMedia: false }], AbortSignal.timeout(10_000));
    const [, link] = /\/api\/sign-in\/(\S+)/.exec(told ?? '') ?? [];
    if (link === undefined) throw new Error(`no link in: ${told ?? 'nothing'}`);
    links.push(link);
  }
  await basis.close();
  return links;
}

const nobody = () => Promise.reject(new Error('nobody is asked for here'));

async function confirm({ applicationUrl }: World, link: string): Promise<{ state: string; cookie: string }> {
  const response = await fetch(`${applicationUrl}/api/sign-in/${link}`, { method: 'POST', redirect: 'manual' });
  const state = new URL(response.headers.get('location') ?? '').searchParams.get('state') ?? '';
  return {
    state,
    cookie: response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; '),
  };
}
