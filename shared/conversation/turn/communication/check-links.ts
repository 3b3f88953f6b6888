import { isIPv4 } from 'node:net';
import { withoutEnd } from '../../../core/text.ts';
import { topLevelDomains } from './top-level-domains.ts';

// The name of a host as chats take it, in any script, with the full stops that browsers take for one.
const label = '[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}_-]{0,62}';
const host = `${label}(?:[.。．｡]${label})+`;
// An address first, so that no part of it passes for a host; then what is a link by its beginning; then names of hosts.
const candidates = new RegExp(
  `(?<address>(?<![\\p{L}\\p{N}._%+-])[\\p{L}\\p{N}._%+-]+@${host})|(?<beginning>[a-z][a-z0-9+.-]{1,20}:\\/\\/|(?<![\\p{L}\\p{N}])www[.。．｡](?=[\\p{L}\\p{N}]))|(?<![\\p{L}\\p{N}])${host}`,
  'giu',
);
const rest = /[^\s<>"'“”„«»)\]]*/uy;
// Stops of the sentence, and the marks by which WhatsApp sets type.
const behind = /[.,;:!?_*~]/;

interface Link {
  readonly start: number;
  readonly link: string;
}

/**
 * Takes out the links that the person did not write: what only a document, a cell or an event's body holds does not
 * become something to tap.
 */
export function withoutForeignLinks(text: string, personWords: string): { text: string; removed: number } {
  const links = linksIn(text);
  if (links.length === 0) return { text, removed: 0 };
  const own = new Set(linksIn(personWords).map(({ link }) => plain(link)));
  const foreign = links.filter(({ link }) => !own.has(plain(link)));
  let kept = '';
  let from = 0;
  for (const { start, link } of foreign) {
    kept += `${text.slice(from, start)}[link left out]${link.slice(withoutEnd(link, behind).length)}`;
    from = start + link.length;
  }
  return { text: kept + text.slice(from), removed: foreign.length };
}

/** All that a chat may make a link of, each with its path. */
function linksIn(text: string): Link[] {
  const links: Link[] = [];
  let readTo = 0;
  for (const { index, 0: found, groups } of text.matchAll(candidates)) {
    if (index < readTo || groups?.['address'] !== undefined) continue;
    const at = index + found.length;
    const isBeginning = groups?.['beginning'] !== undefined;
    if (!isBeginning && !isHost(found, text.slice(at, at + 2))) continue;
    const path = isBeginning || /[/?#:]/.test(text.charAt(at)) ? pathAt(text, at) : '';
    if (isBeginning && path === '') continue;
    const link = found + path;
    links.push({ start: index, link });
    readTo = index + link.length;
  }
  return links;
}

function pathAt(text: string, at: number): string {
  rest.lastIndex = at;
  return rest.exec(text)?.[0] ?? '';
}

/**
 * Whether a chat makes a link of this name: of one with the ending of a country or another domain, also in its midst
 * (`evil.com.pdf`), and of an IP address with something behind it; alone it may be the number of a section. A file whose
 * ending is one of a domain too (`readme.md`, `setup.py`) is a link to a chat, and so to us.
 */
function isHost(name: string, behindIt: string): boolean {
  const [, ...labels] = name
    .normalize('NFKC')
    .toLowerCase()
    .split(/[.。]/)
    .map((part) => withoutEnd(part, /[_-]/));
  return labels.some(isTopLevel) || (isIPv4(name) && /^(?:\/|:\d)/.test(behindIt));
}

function isTopLevel(name: string): boolean {
  // Where words stand without spaces between them, the next one follows at once.
  const [before = name] = /^[a-z]+(?=[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}])/u.exec(name) ?? [];
  return topLevelDomains.has(before) || before.startsWith('xn--');
}

/** The same link with or without its scheme, a slash at its end or a full stop behind it. */
function plain(link: string): string {
  return withoutEnd(link.toLowerCase().replace(/^https?:\/\//, ''), /[.,;:!?/_*~]/);
}
