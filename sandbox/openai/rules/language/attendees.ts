import { emailPattern } from './email.ts';

/** Somebody named in a request; the rules know an address only where it was written out. */
export interface Mention {
  readonly name: string | undefined;
  readonly email: string | undefined;
}

const introduction = /\b(?:with|invite|inviting|include|including|and invite|for|together with|are|is|when)\s+/gi;
const notPeople = new Set(
  (
    'me i my mine us we myself a an the it him her them you your this that these those no nobody what which there any some all ' +
    'everyone everybody meeting meetings calendar call lunch room rooms teams event events subject title at on in from to ' +
    'about called titled regarding as'
  ).split(' '),
);
const notNames =
  /^(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|january|february|march|april|june|july|august|september|october|november|december)$/i;

/** The people of `book a meeting with Ben, chloe@x.example and Dmitri Volkov`. */
export function readMentions(text: string): Mention[] {
  const mentions: Mention[] = [];
  for (const match of text.matchAll(introduction)) {
    const onlyCapitalised = /^(?:for|are|is|when)\s/i.test(match[0]);
    mentions.push(...listAt(text.slice(match.index + match[0].length), onlyCapitalised));
  }
  for (const [address] of text.matchAll(emailPattern)) {
    if (!mentions.some((mention) => mention.email === address.toLowerCase())) {
      mentions.push({ name: undefined, email: address.toLowerCase() });
    }
  }
  return mentions.filter((mention, index) => mentions.findIndex((other) => sameMention(other, mention)) === index);
}

function listAt(text: string, onlyCapitalised: boolean): Mention[] {
  const mentions: Mention[] = [];
  let rest = text;
  for (;;) {
    const one = oneAt(rest, onlyCapitalised || mentions.length > 0);
    if (!one) return mentions;
    mentions.push(...(one.mention ? [one.mention] : []));
    const separator = /^\s*(?:,\s*(?:and\s+)?|and\s+|&\s*|\+\s*|plus\s+)(?:with\s+)?/i.exec(rest.slice(one.length));
    if (!separator) return mentions;
    rest = rest.slice(one.length + separator[0].length);
  }
}

function oneAt(text: string, onlyCapitalised: boolean): { mention: Mention | undefined; length: number } | undefined {
  const named =
    /^(?:(\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+){0,2})\s*)?[<(]?([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)[>)]?/u.exec(text);
  if (named) return { mention: { name: named[1], email: named[2]?.toLowerCase() }, length: named[0].length };
  const group = /^(?:the|my|our)\s+[a-z]*\s?team\b|^(?:everyone|everybody)\b/i.exec(text);
  if (group && !onlyCapitalised) return { mention: { name: group[0], email: undefined }, length: group[0].length };
  const capitalised = /^\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+){0,2}/u.exec(text)?.[0];
  const word = capitalised ?? (onlyCapitalised ? undefined : /^[\p{L}'-]+/u.exec(text)?.[0]);
  if (word === undefined) return undefined;
  if (/^(?:me|myself|i)$/i.test(word)) return { mention: undefined, length: word.length };
  if (notNames.test(word) || notPeople.has(word.toLowerCase())) return undefined;
  const name = word.replace(/['’]s$/, '');
  return { mention: { name: name.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase()), email: undefined }, length: word.length };
}

function sameMention(a: Mention, b: Mention): boolean {
  return a.name === b.name && a.email === b.email;
}

/** Addresses by name, from what was written out anywhere in the conversation and the instructions. */
export type Contacts = ReadonlyMap<string, string>;

export function readContacts(texts: readonly string[]): Contacts {
  const contacts = new Map<string, string>();
  for (const text of texts) {
    for (const [, name = '', address = ''] of text.matchAll(
      /(?<![\p{L}'-])(\p{Lu}[\p{L}'-]{1,40}(?: \p{Lu}[\p{L}'-]{1,40}){0,3})\s?[<(]([\w.+-]{1,64}@[\w.-]{1,190}\w)[>)]/gu,
    )) {
      remember(contacts, name, address);
    }
    for (const [, name = '', address = ''] of text.matchAll(
      /"name":\s*"([^"]+)"[^{}]*?"(?:email|mail|address)":\s*"([^"@]+@[^"]+)"/g,
    )) {
      remember(contacts, name, address);
    }
    for (const [address] of text.matchAll(emailPattern)) remember(contacts, address.split(/[@.]/)[0] ?? '', address);
  }
  return contacts;
}

function remember(contacts: Map<string, string>, name: string, address: string): void {
  for (const key of [name.toLowerCase(), name.toLowerCase().split(' ')[0] ?? '']) {
    if (key !== '' && !contacts.has(key)) contacts.set(key, address.toLowerCase());
  }
}

export function emailOf({ name, email: address }: Mention, contacts: Contacts): string | undefined {
  return address ?? contacts.get(name?.toLowerCase() ?? '') ?? contacts.get(name?.toLowerCase().split(' ')[0] ?? '');
}
