import { expect } from 'vitest';
import { spokenIn } from '../../../shared/conversation/turn/security/spoken-in.ts';
import { busySince } from '../../support/busy-since.ts';
import { verifies } from '../../verifies.ts';

const isSpoken = (words: string, value: string) => spokenIn(words, 'ana@alderfinch.example')(value);

verifies('turn:untrusted', 'an address that the person wrote is theirs, whatever stands around it', () => {
  const words = 'Invite Ben <ben@alderfinch.example>, eva@guest.example. And (Carl@Guest.example)!';

  for (const value of ['ben@alderfinch.example', 'eva@guest.example', 'EVA@guest.example', 'carl@guest.example'])
    expect(isSpoken(words, value), value).toBe(true);
});

verifies('turn:untrusted', 'part of an address they wrote is another address', () => {
  const words = 'Invite reuben@alderfinch.example and eva@guest.example.org';

  for (const value of ['ben@alderfinch.example', 'eva@guest.example', 'guest.example.org', 'reuben@alderfinch', ''])
    expect(isSpoken(words, value), value).toBe(false);
});

verifies('turn:untrusted', 'a colleague may be named, at the end of a sentence too; a namesake elsewhere may not', () => {
  const words = 'Book a review with Ben, Dmitri’s deputy and Chloe Martin.';

  for (const value of ['ben@alderfinch.example', 'dmitri@alderfinch.example', 'chloe.martin@alderfinch.example'])
    expect(isSpoken(words, value), value).toBe(true);
  for (const value of [
    'ben@attacker.example',
    'ben@alderfinch.example.attacker.example',
    'eva@alderfinch.example',
    'chloe.volkov@alderfinch.example',
  ])
    expect(isSpoken(words, value), value).toBe(false);
});

verifies('turn:untrusted', 'a name inside an address of somebody else names nobody', () => {
  for (const words of ['Write to ben@guest.example', 'x.ben@guest.example', '(@ben.guest)', '@@ben@'])
    expect(isSpoken(words, 'ben@alderfinch.example'), words).toBe(false);
  expect(isSpoken('Ask @Ben, please', 'ben@alderfinch.example')).toBe(true);
});

verifies(
  'limits:long-texts',
  'what a person said: long and odd texts are read in no time, however many values are asked of',
  () => {
    const texts = ['x', '!', '.', '@', 'x@', 'ben.', ' '].map((part) => part.repeat(20 * 16_000));
    const busy = busySince();

    for (const words of texts) {
      const isSpokenThere = spokenIn(words, 'ana@alderfinch.example');
      for (let n = 0; n < 20; n += 1) isSpokenThere(`guest${n}@guest.example`);
    }

    expect(busy()).toBeLessThan(3_000);
  },
);
