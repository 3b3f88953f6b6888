import { expect } from 'vitest';
import { withoutForeignLinks } from '../../../shared/conversation/turn/communication/check-links.ts';
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
  ];

  for (const link of foreign) {
    expect(withoutForeignLinks(`Pay here: ${link} today.`, 'What does the invoice say?')).toEqual({
      text: `Pay here: ${left} today.`,
      removed: 1,
    });
  }
  expect(withoutForeignLinks('[Pay](https://evil.example/pay) and <https://evil.example>', '')).toEqual({
    text: `[Pay](${left}) and <${left}>`,
    removed: 2,
  });
});

verifies('turn:untrusted', 'a link of the person comes back, with or without its scheme and the stop behind it', () => {
  const words = 'Put https://alderfinch.example/Plan?v=2, and alderfinch.com on the agenda.';

  for (const link of ['https://alderfinch.example/Plan?v=2', 'https://alderfinch.com/', 'alderfinch.com'])
    expect(withoutForeignLinks(`I noted ${link}.`, words)).toEqual({ text: `I noted ${link}.`, removed: 0 });
});

verifies('turn:untrusted', 'the beginning of a link of theirs, or a longer one, is another link', () => {
  const words = 'See https://alderfinch.example/plans/2026';

  expect(withoutForeignLinks('https://alderfinch.example/plans', words).removed).toBe(1);
  expect(withoutForeignLinks('https://alderfinch.example/plans/2026/../../evil', words).removed).toBe(1);
  expect(withoutForeignLinks('https://alderfinch.example.evil.com/plans/2026', words).removed).toBe(1);
});

verifies('turn:untrusted', 'addresses, file names, times and versions are no links', () => {
  const text =
    'Ask ben@alderfinch.com or ana.ribeiro@mail.co.uk; budget.xlsx, notes.txt, version 1.2.3, 09.30, e.g. at 3 p.m., Mr.Smith, 10.000';

  expect(withoutForeignLinks(text, '')).toEqual({ text, removed: 0 });
});

verifies('turn:untrusted', 'long and odd texts are read in no time', () => {
  const startedAt = performance.now();

  for (const text of ['a.'.repeat(8_000), 'a-'.repeat(8_000), 'http://'.repeat(2_000), 'x'.repeat(16_000)])
    withoutForeignLinks(text, text);

  expect(performance.now() - startedAt).toBeLessThan(1_500);
});
