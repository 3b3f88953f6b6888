// Digits that stand alone: hex ids and traces keep theirs. The bound, and where an address may begin, keep a long text
// without any from taking a time that grows with its square.
const numbers = /(?<![\w-])\+?\d[\d ()./-]{5,63}\d(?![\w-])/g;
const addresses = /(?<![^\s@"'<>:])[^\s@"'<>:]+@[^\s@"'<>]+/g;
const keys = /\b(?:Bearer|sig=|SharedAccessKey=|AccountKey=)\s*[^\s;"']+/gi;
// What follows opens a sign-in, once.
const links = /(\/sign-in\/)(?!callback\b)[^\s/?#"'<>]+/g;

/** Replaces whatever looks like a phone number, an address or a key; the last line of defence, not the first. */
export function redact(text: string): string {
  return text.replace(keys, '[secret]').replace(links, '$1[secret]').replace(addresses, '[address]').replace(numbers, '[number]');
}
