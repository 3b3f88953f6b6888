/**
 * The e-mail addresses in a text, as they are written. Every part is bounded and starts at a boundary: a page of letters
 * without an `@` must not be tried from each of them.
 */
export const emailPattern = /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g;

export function emailsIn(text: string): string[] {
  return [...text.matchAll(emailPattern)].map(([address]) => address);
}
