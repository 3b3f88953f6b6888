import { element } from './dom.js';

const linkPattern = /https?:\/\/[^\s<>"'`]+/;
// WhatsApp's own marks, and links; marks stand at the edges of words.
const inlinePattern = new RegExp(
  [
    /```(?<block>[^]+?)```/,
    /`(?<code>[^`\n]+)`/,
    new RegExp(`(?<link>${linkPattern.source})`),
    /(?<![\w*])\*(?<bold>\S(?:[^*\n]*\S)?)\*(?![\w*])/,
    /(?<![\w_])_(?<italic>\S(?:[^_\n]*\S)?)_(?![\w_])/,
    /(?<![\w~])~(?<strike>\S(?:[^~\n]*\S)?)~(?![\w~])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);
/** @type {Record<string, 'code' | 'strong' | 'em' | 's'>} */
const tags = { block: 'code', code: 'code', bold: 'strong', italic: 'em', strike: 's' };

/**
 * A message as a phone shows it: WhatsApp's marks, links that open, all else as it is written.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function formatText(text) {
  /** @type {(Node | string)[]} */
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(inlinePattern)) {
    const [mark, inner] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? ['', ''];
    nodes.push(text.slice(end, match.index));
    end = match.index + match[0].length;
    if (mark === 'link') nodes.push(...formatLink(inner));
    else nodes.push(element(tags[mark] ?? 'code', {}, ...(mark === 'block' || mark === 'code' ? [inner] : formatText(inner))));
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== '');
}

/** What ends a sentence does not belong to a link; a bracket does if it was opened there. @param {string} found */
function formatLink(found) {
  let end = found.length;
  let closing = found.split(')').length - found.split('(').length;
  while (/[.,;:!?*\]}]/.test(found.charAt(end - 1)) || (closing > 0 && found.charAt(end - 1) === ')')) {
    end -= 1;
    if (found.charAt(end) === ')') closing -= 1;
  }
  const [href, rest] = [found.slice(0, end), found.slice(end)];
  if (!isWebLink(href)) return [found];
  return [element('a', { href, target: '_blank', rel: 'noopener noreferrer' }, href), rest];
}

/** @param {string} href */
const isWebLink = (href) => URL.canParse(href) && ['http:', 'https:'].includes(new URL(href).protocol);

/**
 * What somebody wants to send who pasted this: the text of a link to WhatsApp, or the only code of six digits in it.
 * @param {string} pasted
 */
export function readCode(pasted) {
  const link = linkPattern.exec(pasted)?.[0] ?? '';
  if (isWebLink(link) && new URL(link).hostname === 'wa.me') return new URL(link).searchParams.get('text') ?? undefined;
  const codes = pasted.match(/(?<!\d)\d{3} ?\d{3}(?!\d)/g) ?? [];
  return codes.length === 1 ? codes[0]?.replace(' ', '') : undefined;
}
