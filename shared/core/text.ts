/**
 * The text up to the last character that `cut`, a pattern of one character, does not match. What a person or a model wrote
 * is trimmed with this: `/[.!]+$/` takes a time that grows with the square of a row of dots that goes on.
 */
export function withoutEnd(text: string, cut: RegExp): string {
  let end = text.length;
  while (end > 0 && cut.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
