import { expect } from 'vitest';
import { isSpoken } from '../../../shared/conversation/turn/security/is-spoken.ts';
import { verifies } from '../../verifies.ts';

const own = 'ana@alderfinch.example';

verifies('turn:untrusted', 'an address that the person wrote is theirs, whatever stands around it', () => {
  const words = 'Invite Ben <ben@alderfinch.example>, eva@guest.example. And (Carl@Guest.example)!';

  for (const value of ['ben@alderfinch.example', 'eva@guest.example', 'EVA@guest.example', 'carl@guest.example'])
    expect(isSpoken(words, value, own), value).toBe(true);
});

verifies('turn:untrusted', 'part of an address they wrote is another address', () => {
  const words = 'Invite reuben@alderfinch.example and eva@guest.example.org';

  for (const value of ['ben@alderfinch.example', 'eva@guest.example', 'guest.example.org', 'reuben@alderfinch', ''])
    expect(isSpoken(words, value, own), value).toBe(false);
});

verifies('turn:untrusted', 'a colleague may be named, at the end of a sentence too; a namesake elsewhere may not', () => {
  const words = 'Book a review with Ben, Dmitri’s deputy and Chloe Martin.';

  for (const value of ['ben@alderfinch.example', 'dmitri@alderfinch.example', 'chloe.martin@alderfinch.example'])
    expect(isSpoken(words, value, own), value).toBe(true);
  for (const value of [
    'ben@attacker.example',
    'ben@alderfinch.example.attacker.example',
    'eva@alderfinch.example',
    'chloe.volkov@alderfinch.example',
  ])
    expect(isSpoken(words, value, own), value).toBe(false);
});

verifies('turn:untrusted', 'a name inside an address of somebody else names nobody', () => {
  expect(isSpoken('Write to ben@guest.example', 'ben@alderfinch.example', own)).toBe(false);
});
