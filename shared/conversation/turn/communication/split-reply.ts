/** WhatsApp takes far more; beyond this a message is folded behind "read more", and WAHA's docs advise less. */
export const maxPartChars = 4_000;

// From the best place to cut to the worst.
const cuts = [/\n\s*\n/g, /\n/g, /[.!?…]["')\]]?\s/g, /\s/g];

/** Cuts a reply at paragraph, line, sentence or word ends into parts of at most `max` characters, none empty. */
export function splitReply(text: string, max = maxPartChars): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > max) {
    const at = cutAt(rest, max);
    parts.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return rest === '' ? parts : [...parts, rest];
}

/** Where to cut: the last good end within `max`, unless it would leave less than a third of a part. */
function cutAt(text: string, max: number): number {
  for (const cut of cuts) {
    const last = [...text.slice(0, max).matchAll(cut)].at(-1);
    if (last && last.index + last[0].length > max / 3) return last.index + last[0].length;
  }
  // Not in the middle of a surrogate pair.
  const isLow = (text.charCodeAt(max) & 0xfc00) === 0xdc00;
  return isLow ? max - 1 : max;
}
