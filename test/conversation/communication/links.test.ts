import { expect } from 'vitest';
import { withoutForeignLinks } from '../../../shared/conversation/turn/communication/check-links.ts';
import { busySince } from '../../support/busy-since.ts';
import { verifies } from '../../verifies.ts';

const left = '[link left out]';

verifies('turn:untrusted', 'a link that the person did not write is left out, however it is written', () => {
  const foreign = [
    'https://evil.example/pay?id=1',
    'http://10.0.0.1/x',
    'HTTPS://EVIL.EXAMPLE',
    'www.evil.example/login',
    'evil.com',
    'sub.evil-host.co.uk/path',
    'wa.me/15550100009',
    'bit.ly/3xYz',
    'ftp://evil.example/file',
    'intent://scan/#Intent;end',
    'evil.support/login',
    'microsoft-login.tech',
    'evil.icu',
    'evil.ms/abc',
    'verify.pro/abc',
    'alder-finch.vip/login',
    'my_evil.com',
    'a.b.c.d.e.f.g.com',
    `${'a.'.repeat(100)}com`,
    'evil.com.pdf',
    'googlе.com/x',
    'сайт.рф',
    'xn--80aswg.xn--p1ai',
    'evil。com',
    'ｅｖｉｌ．ｃｏｍ',
    '请访问evil.com吧',
    '203.0.113.5/login',
    '203.0.113.5:8080',
    'evil.com?id=1',
  ];

  for (const link of foreign) {
    expect(withoutForeignLinks(`Pay here: ${link} today.`, 'What does the invoice say?')).toEqual({
      text: `Pay here: ${left} today.`,
      removed: 1,
    });
  }
  for (const mark of ['_', '*', '~', '-', '.', '…', '@']) {
    for (const link of ['evil.com', 'https://evil.example'])
      expect(withoutForeignLinks(`Pay ${mark}${link}${mark}.`, '').text, mark).toMatch(/^Pay .\[link left out\].?\.$/u);
  }
  expect(withoutForeignLinks('1https://evil.example', '').text).toBe(`1${left}`);
  expect(withoutForeignLinks('[Pay](https://evil.example/pay) and <https://evil.example>', '')).toEqual({
    text: `[Pay](${left}) and <${left}>`,
    removed: 2,
  });
});

verifies('turn:untrusted', 'a link of the person comes back, with or without its scheme and the stop behind it', () => {
  const words = 'Put https://alderfinch.example/Plan?v=2, and alderfinch.com on the agenda.';

  for (const link of ['https://alderfinch.example/Plan?v=2', 'https://alderfinch.com/', 'alderfinch.com', '_alderfinch.com_'])
    expect(withoutForeignLinks(`I noted ${link}.`, words)).toEqual({ text: `I noted ${link}.`, removed: 0 });
});

verifies('turn:untrusted', 'the beginning of a link of theirs, or a longer one, is another link', () => {
  const words = 'See https://alderfinch.example/plans/2026';

  expect(withoutForeignLinks('https://alderfinch.example/plans', words).removed).toBe(1);
  expect(withoutForeignLinks('https://alderfinch.example/plans/2026/../../evil', words).removed).toBe(1);
  expect(withoutForeignLinks('https://alderfinch.example.evil.com/plans/2026', words).removed).toBe(1);
});

verifies('turn:untrusted', 'addresses, file names, times, versions and slips are no links', () => {
  const texts = [
    'Ask ben@alderfinch.com, ana.ribeiro@mail.co.uk or it.desk+a.co@mail.com',
    'budget.xlsx, report.docx, notes.txt, main.ts, node.js, photo.jpg, slides.v2.pptx, src/main.ts/x, plan.pdf?',
    'version 1.2.3, v1.2.3, section 1.2.3.4: rooms, 10.000, 1.500,25, 1.5kg, 22.11.2026, 22.Nov.2026',
    '09.30, 3.30pm, at 3 p.m., 9 a.m./10 a.m., e.g. at noon, i.e. today, z.B. so, Ph.D., S.p.A., U.S.A., U.K.',
    'Mr.Smith, Dr.Who and/or St.John... wait.What? Yes.Really!No',
    'Sun 22 Nov 2026, 15:00–15:30 (Europe/Lisbon), 50/50, www., http://',
  ];

  for (const text of texts) expect(withoutForeignLinks(text, '')).toEqual({ text, removed: 0 });
});

// The names of these files are names of hosts too, and a phone shows each as something to tap: anybody may own them.
verifies('turn:untrusted', 'a file whose ending is one of a domain is a link, unless the person named it', () => {
  for (const name of ['readme.md', 'setup.py', 'run.sh', 'invoice.zip']) {
    expect(withoutForeignLinks(`It is in ${name}.`, '').text).toBe(`It is in ${left}.`);
    expect(withoutForeignLinks(`It is in ${name}.`, `What does ${name} say?`).removed).toBe(0);
  }
});

verifies('limits:long-texts', 'links: long and odd texts are read in no time', () => {
  const parts = [
    'a.',
    'a-',
    'a_',
    'a@',
    'a.b,',
    'a.b@',
    'x',
    '.',
    '1.',
    'a:',
    'http://',
    'https://',
    'www.',
    'a.com',
    'a.com,',
    '。',
    'é',
  ];
  const texts = parts.map((part) => part.repeat(16_000).slice(0, 16_000));
  const busy = busySince();

  for (const text of [...texts, ...['!', '/', ';', '~', '_'].map((part) => `https://a/${part.repeat(16_000)}x`)])
    withoutForeignLinks(text, `${text} ${text}`);

  expect(busy()).toBeLessThan(5_000);
});
