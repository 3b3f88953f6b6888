import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { FakeClock } from '../../support/fakes/fake-clock.ts';
import { verifies } from '../../verifies.ts';
import { codeIn, comeBack, cookieOf, evasChat, linkIn, startSignIn, winCode } from './start-sign-in.ts';

async function startLink(options: Parameters<typeof startSignIn>[0] = {}) {
  const world = await startSignIn(options);
  return { world, link: linkIn(await world.say(evasChat, 'Hello')) };
}

/** Lets time pass while this is under way. */
async function passing<T>(clock: FakeClock, running: Promise<T>): Promise<T> {
  const timer = setInterval(() => clock.advance(100), 5);
  try {
    return await running;
  } finally {
    clearInterval(timer);
  }
}

verifies('sign-in:preview-harmless', 'opening the link, as often as one likes, writes nothing', async () => {
  const { world, link } = await startLink();
  const before = structuredClone([...world.signIns.documents]);

  const shown = [await world.pages.show({ link, cookie: null }), await world.pages.show({ link, cookie: 'other=1' })];

  expect(shown.map(({ status, cookies }) => [status, cookies])).toEqual([
    [200, undefined],
    [200, undefined],
  ]);
  expect([...world.signIns.documents]).toEqual(before);
});

verifies(
  'sign-in:preview-harmless',
  'the POST sets a cookie for scripts and other sites to miss, and leads to Entra',
  async () => {
    const { world, link } = await startLink();

    const confirmed = await world.pages.confirm({ link, site: 'same-origin' });

    expect(confirmed.status).toBe(303);
    expect(confirmed.cookies).toEqual([
      expect.objectContaining({ path: '/api/sign-in', httpOnly: true, sameSite: 'Lax', secure: false }),
    ]);
    const { searchParams } = new URL(confirmed.headers['location'] ?? '');
    expect(Object.fromEntries(searchParams)).toMatchObject({
      redirect_uri: 'http://127.0.0.1:7071/api/sign-in/callback',
      ...{ code_challenge_method: 'S256', prompt: 'select_account', response_mode: 'query' },
    });
    const stored = JSON.stringify([...world.signIns.documents.values()]);
    for (const name of ['state', 'nonce']) expect(stored).not.toContain(searchParams.get(name) ?? '');
  },
);

verifies('sign-in:preview-harmless', 'over https the cookie is for https alone', async () => {
  const { pages, say } = await startSignIn({ settings: { PUBLIC_URL: 'https://adjutant.alderfinch.example' } });
  const [, link = ''] =
    /https:\/\/adjutant\.alderfinch\.example\/api\/sign-in\/(\S+)/.exec((await say(evasChat, 'Hi')) ?? '') ?? [];

  const { cookies } = await pages.confirm({ link, site: null });

  expect(cookies).toMatchObject([{ secure: true }]);
});

verifies('sign-in:preview-harmless', "another site's form is not the person's yes", async () => {
  const { world, link } = await startLink();

  const answers = [];
  for (const site of ['cross-site', 'same-site']) answers.push(await world.pages.confirm({ link, site }));

  expect(answers.map(({ status, cookies }) => [status, cookies])).toEqual([
    [403, undefined],
    [403, undefined],
  ]);
  expect([...world.signIns.documents.values()]).toMatchObject([{ document: { state: 'issued' } }]);
});

verifies('sign-in:masked', 'the page shows enough of the number, whose assistant asks, a warning and one form', async () => {
  const { world, link } = await startLink();

  const { body } = await world.pages.show({ link, cookie: null });

  expect(body).toContain('+1 555 •••• 09');
  expect(body).not.toContain('5550100009');
  expect(body).toContain('Alder &amp; Finch');
  expect(body).toContain('Only continue if this is your number and you asked for it.');
  expect(body.match(/<form [^>]*>/g)).toEqual(['<form method="post">']);
  expect(body).not.toMatch(/<script|<img|https?:\/\//);
});

verifies('sign-in:masked', 'every answer forbids scripts, frames, storing and telling others', async () => {
  const { world, link } = await startLink();
  const { query, cookie } = await comeBack(world, link, 'eva@alderfinch.example');

  const answers = [
    await world.pages.show({ link, cookie: null }),
    await world.pages.show({ link: 'nothing', cookie: null }),
    await world.pages.confirm({ link, site: 'cross-site' }),
    await world.pages.finish({ query, cookie: null }),
    await world.pages.finish({ query, cookie }),
  ];

  for (const { headers, body } of answers) {
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(body) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self' ${new URL(world.settings.ENTRA_AUTHORITY_URL).origin}; base-uri 'none'; frame-ancestors 'none'`,
    );
    expect(headers).toMatchObject({
      ...{ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', 'x-frame-options': 'DENY' },
      'content-type': 'text/html; charset=utf-8',
    });
  }
});

verifies('sign-in:masked', 'a number that WhatsApp hides is not made up', async () => {
  const { pages, say } = await startSignIn();
  const link = linkIn(await say({ conversationId: evasChat.conversationId, lid: evasChat.lid }, 'Hello'));

  const { body } = await pages.show({ link, cookie: null });

  expect(body).toContain('Your WhatsApp chat with the assistant');
  expect(body).not.toContain(evasChat.lid);
});

verifies(
  'sign-in:code-in-chat',
  'the page shows the code and one tap that sends it; loading it again changes nothing',
  async () => {
    const { world, link } = await startLink();
    const back = await comeBack(world, link, 'eva@alderfinch.example');

    const [shown, twin] = await passing(world.clock, Promise.all([world.pages.finish(back), world.pages.finish(back)]));
    const again = await world.pages.finish(back);
    const opened = await world.pages.show({ link, cookie: back.cookie });

    const code = codeIn(shown);
    expect([codeIn(twin), codeIn(again), codeIn(opened)]).toEqual([code, code, code]);
    expect(shown.body).toContain(`href="https://wa.me/15550100000?text=${code}"`);
    expect(shown.body).toContain('+1 555 •••• 09');
  },
);

verifies('sign-in:forwarded-link', 'the way back from Entra is refused in every browser but the one that confirmed', async () => {
  const { world, link } = await startLink();
  const first = await comeBack(world, link, 'eva@alderfinch.example');
  const second = await comeBack(world, link, 'ana@alderfinch.example');

  const answers = [
    await world.pages.finish({ ...second, cookie: null }),
    await world.pages.finish({ query: second.query, cookie: first.cookie }),
    await world.pages.finish({ query: first.query, cookie: second.cookie }),
    await world.pages.finish({ query: new URLSearchParams({ code: 'x' }), cookie: second.cookie }),
  ];
  const shown = await world.pages.finish(second);

  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  for (const { body } of answers) expect(body).toContain('not the browser you began in');
  expect(await world.say(evasChat, codeIn(shown))).toContain('signed in as Ana Ribeiro');
});

verifies(
  'sign-in:single-use',
  "Entra's code is redeemed once: one that is gone links nobody, and the link may be opened again",
  async () => {
    const { world, link } = await startLink();
    const second = await comeBack(world, link, 'guest@elsewhere.example');
    await world.pages.finish(second);

    const gone = await passing(world.clock, world.pages.finish(second));

    expect(gone).toMatchObject({ status: 410, body: expect.stringContaining('was interrupted') as string });
    expect(await winCode(world, link, 'eva@alderfinch.example')).toMatch(/^\d{6}$/);
  },
);

verifies('sign-in:single-use', 'a link that was used, has ended or never was opens nothing', async () => {
  const { world, link } = await startLink();
  const code = await winCode(world, link, 'eva@alderfinch.example');

  const used = [await world.pages.show({ link, cookie: null }), await world.pages.confirm({ link, site: null })];
  await world.say(evasChat, code);
  const linked = await world.pages.show({ link, cookie: null });
  const unknown = await world.pages.confirm({ link: `${link.slice(0, -1)}${link.endsWith('0') ? '1' : '0'}`, site: null });
  const nonsense = await world.pages.show({ link: '../../etc', cookie: null });

  expect([...used, linked, unknown, nonsense].map(({ status }) => status)).toEqual([410, 410, 410, 404, 404]);
  for (const { body } of used) expect(body).toContain('Write to the assistant once more');
});

verifies('sign-in:single-use', 'after a quarter of an hour the link is over, at every step', async () => {
  const { world, link } = await startLink();
  const back = await comeBack(world, link, 'eva@alderfinch.example');

  world.clock.advance(15 * 60_000);
  const answers = [
    await world.pages.show({ link, cookie: null }),
    await world.pages.confirm({ link, site: null }),
    await world.pages.finish(back),
  ];

  expect(answers.map(({ status }) => status)).toEqual([410, 410, 410]);
  for (const { body } of answers) expect(body).toContain('has expired');
  expect([...world.signIns.documents.values()]).toMatchObject([{ document: { state: 'confirmed' } }]);
});

verifies('sign-in:single-use', 'who cancels at Microsoft is told how to go on, and can', async () => {
  const { world, link } = await startLink();

  const cancelled = await world.pages.finish(await comeBack(world, link, 'cancel'));

  expect(cancelled).toMatchObject({ status: 200, body: expect.stringContaining('nothing was linked') as string });
  expect(codeIn(await world.pages.finish(await comeBack(world, link, 'eva@alderfinch.example')))).toMatch(/^\d{6}$/);
  expect(cookieOf(cancelled)).toBe('');
});
