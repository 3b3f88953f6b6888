/**
 * Whether the person themselves wrote this value. A colleague's address is written by their name too: "with Ben" is
 * ben@ of the person's own organisation, and "Ben Okafor" ben.okafor@, but never ben@ of anybody else's.
 */
export function isSpoken(words: string, value: string, ownAddress: string): boolean {
  const wanted = value.trim().toLowerCase();
  const spoken = words.toLowerCase();
  if (wanted === '') return false;
  if (spoken.split(/[\s,;:<>()"'“”]+/).some((token) => withoutStop(token) === wanted)) return true;
  const [local = '', domain = ''] = wanted.split('@');
  if (domain === '' || domain !== ownAddress.toLowerCase().split('@')[1]) return false;
  // Within an address a name is part of that address alone.
  const names = new Set(spoken.replaceAll(/\S+@\S+/g, ' ').split(/[^\p{L}\p{N}_-]+/u));
  return names.has(local) || local.split('.').every((part) => names.has(part));
}

function withoutStop(token: string): string {
  return token.replace(/[.!?…]+$/, '');
}
