/**
 * The text up to the last character that `cut`, a pattern of one character, does not match. What a person or a model wrote
 * is trimmed with this: `/[.!]+$/` takes a time that grows with the square of a row of dots that goes on.
 */
export function withoutEnd(text: string, cut: RegExp): string {
  let end = text.length;
  while (end > 0 && cut.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

// Line breaks, what turns the direction of writing, and what is not seen at all. Joiners stay: Persian words, Indian scripts
// and families of emoji are written with them.
const unseen = /(?:[\p{Cc}\s]|(?![\u200C\u200D])\p{Cf})+/gu;

/**
 * What somebody else wrote, as it may stand within a line of ours: it neither begins a line of its own nor moves what
 * stands around it. '' where nothing of it is to be seen.
 */
export function onOneLine(text: string): string {
  const line = text.replace(unseen, ' ').trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(line) ? line : '';
}
