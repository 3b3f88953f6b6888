import { expect } from 'vitest';
import { maxPartChars, splitReply } from '../../../shared/conversation/turn/communication/split-reply.ts';
import { verifies } from '../../verifies.ts';

const sentence = 'The review is at three in the Atrium, and Ben is coming. ';
const squeeze = (text: string) => text.replaceAll(/\s+/g, '');

verifies('turn:parts', 'a short reply is one part; nothing is none', () => {
  expect(splitReply('  Hello.\n')).toEqual(['Hello.']);
  expect(splitReply('x'.repeat(maxPartChars))).toHaveLength(1);
  expect(splitReply(' \n ')).toEqual([]);
});

verifies('turn:parts', 'it is cut at the end of a paragraph, else of a line, a sentence or a word', () => {
  const paragraph = sentence.repeat(30).trim();
  const byParagraph = splitReply([paragraph, paragraph, paragraph].join('\n\n'));
  const byLine = splitReply(Array.from({ length: 200 }, (_, index) => `${index}. ${'word '.repeat(8)}`.trim()).join('\n'));
  const bySentence = splitReply(sentence.repeat(200));
  const byWord = splitReply('word '.repeat(2_000));

  expect(byParagraph).toEqual([[paragraph, paragraph].join('\n\n'), paragraph]);
  expect(byLine.every((part) => /^\d+\. word/.test(part) && part.endsWith('word'))).toBe(true);
  expect(bySentence.every((part) => part.endsWith('coming.') && part.startsWith('The review'))).toBe(true);
  expect(byWord.every((part) => /^(?:word ?)+$/.test(part))).toBe(true);
});

verifies('turn:parts', 'no part is longer than 4,000 characters or empty, and nothing is lost', () => {
  const texts = [
    sentence.repeat(500),
    'x'.repeat(12_345),
    '😀'.repeat(5_000),
    `a${'😀'.repeat(5_000)}`,
    `short.\n\n${'y'.repeat(9_000)}\n\nend`,
    '\n'.repeat(9_000) + 'z',
    `${'w'.repeat(3_999)} ${'w'.repeat(3_999)}`,
  ];

  for (const text of texts) {
    const parts = splitReply(text);
    expect(parts.every((part) => part.length > 0 && part.length <= maxPartChars && part === part.trim())).toBe(true);
    expect(
      parts.every((part) => part.isWellFormed()),
      'no character is cut in two',
    ).toBe(true);
    expect(squeeze(parts.join(''))).toBe(squeeze(text));
  }
});

verifies('turn:parts', 'a heading is not cut off alone from what it stands above', () => {
  const parts = splitReply(`Your week:\n\n${sentence.repeat(100)}`);

  expect(parts[0]?.length).toBeGreaterThan(maxPartChars / 3);
});
