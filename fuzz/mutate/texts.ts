import type { Random } from '../../sandbox/kit/random.ts';

const troubling = [
  ...[
    '',
    ' ',
    '\0',
    '\t\r\n',
    '\u202Eabc',
    '\u200B',
    '\uFEFF',
    'İıſK',
    '٣٤٥',
    '👩‍👩‍👧‍👦',
    'e\u0301\u0301\u0301',
    '\ud800',
    '\udfff\ud800',
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'then', 'null', 'undefined', 'true'],
  ...['NaN', 'Infinity', '-0', '1e309', '9007199254740993', '0x1F', '1_000', '+1', '١', '-1', '00', '1.5'],
  ...['../../../etc/passwd', '..%2f..%2f', '%00', '%', '%zz', '%F0%9F', '/', '//', '?', '#', ';', '&', '=', '\\', '"', "'", '`'],
  ...["' OR '1'='1", '"); DROP TABLE x; --', '${7*7}', '{{7*7}}', '<script>alert(1)</script>', '%s%n', '$where', '*', '^(a+)+$'],
  ...[
    'false_271828182845901@lid_',
    '@c.us',
    '@lid',
    '@@',
    '_',
    '__',
    'a_b_c_d_e',
    'status@broadcast',
    '0@c.us',
    '@g.us',
    ':1@lid',
  ],
  ...['2026-02-30T25:61:61Z', '0000-00-00', '+275760-09-14T00:00:00Z', 'P1Y', '00:00:00.0000000', 'Mars/Olympus', 'UTC+25'],
] as const;

const repeated = [
  'a',
  ' ',
  '(',
  '[',
  '{"a":',
  '=',
  '%',
  '%25',
  '@',
  '_',
  '.',
  'a.',
  '9',
  '\n',
  '😀',
  '*',
  'and ',
  'not ',
  '%41',
  '\ud800',
] as const;
const lengths = [2, 64, 255, 256, 300, 1_000, 4_096, 5_000, 16_001, 65_537] as const;

/** A string that parsers have tripped over. */
export function troublingText(random: Random): string {
  if (random.chance(0.75)) return random.pick(troubling);
  return random.pick(repeated).repeat(random.pick(lengths));
}

/** The text with something done to it somewhere. */
export function mutateText(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const length = random.below(Math.min(16, text.length) + 1);
  switch (random.below(6)) {
    case 0:
      return troublingText(random);
    case 1:
      return text.slice(0, at) + troublingText(random) + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(at + length);
    case 3:
      return text.slice(0, at) + text.slice(at, at + length).repeat(random.pick([2, 3, 100])) + text.slice(at + length);
    case 4:
      return text.slice(0, at) + String.fromCodePoint(random.below(0x110000)) + text.slice(at + 1);
    default:
      return random.pick([
        text.toUpperCase(),
        Array.from(text).reverse().join(''),
        encodeURIComponent(text.toWellFormed()),
        text.slice(0, at),
      ]);
  }
}
