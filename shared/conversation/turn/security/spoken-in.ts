import { withoutEnd } from '../../../core/text.ts';

/**
 * Tells of a value whether the person themselves wrote it. A colleague's address is written by their name too: "with
 * Ben" is ben@ of the person's own organisation, and "Ben Okafor" ben.okafor@, but never ben@ of anybody else's.
 */
export function spokenIn(words: string, ownAddress: string): (value: string) => boolean {
  const ownDomain = ownAddress.toLowerCase().split('@')[1];
  // Made with the first value, for all of the turn: few turns ask, and some ask of many.
  let said: Said | undefined;
  return (value) => {
    const wanted = value.trim().toLowerCase();
    if (wanted === '') return false;
    said ??= read(words.toLowerCase());
    const { values, names } = said;
    if (values.has(wanted)) return true;
    const [local = '', domain = ''] = wanted.split('@');
    if (domain === '' || domain !== ownDomain) return false;
    return names.has(local) || local.split('.').every((part) => names.has(part));
  };
}

interface Said {
  readonly values: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

function read(spoken: string): Said {
  // Within an address a name is part of that address alone; "@Ben" is none.
  const outside = spoken.split(/\s+/).filter((token) => !token.slice(1, -1).includes('@'));
  return {
    values: new Set(spoken.split(/[\s,;:<>()"'“”]+/).map((token) => withoutEnd(token, /[.!?…]/))),
    names: new Set(outside.flatMap((token) => token.split(/[^\p{L}\p{N}_-]+/u))),
  };
}
