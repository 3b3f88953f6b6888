const maxSentences = 8;
const maxChars = 700;
const stop = new Set(
  'the and for are was were with you your that this have has had not but can will what when how who from they them its our out about into just please'.split(
    ' ',
  ),
);

export function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.replace(/^(?:Summary so far: )+/, '').trim())
    .filter((sentence) => sentence !== '');
}

export function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\d]{3,}/gu) ?? []).filter((word) => !stop.has(word));
}

/** The sentences that carry most of the frequent words, in the order in which they were said. */
export function summarise(texts: readonly string[]): string {
  const all = texts.flatMap(sentences).filter((sentence) => wordsOf(sentence).length > 1);
  const counts = new Map<string, number>();
  for (const word of all.flatMap(wordsOf)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const score = (sentence: string) => {
    const words = wordsOf(sentence);
    return words.reduce((sum, word) => sum + (counts.get(word) ?? 0), 0) / Math.sqrt(words.length);
  };
  const chosen = new Set([...new Set(all)].sort((a, b) => score(b) - score(a)).slice(0, maxSentences));
  const kept: string[] = [];
  for (const sentence of new Set(all.filter((each) => chosen.has(each)))) {
    if ([...kept, sentence].join(' ').length > maxChars) break;
    kept.push(sentence);
  }
  return kept.length > 0 ? kept.join(' ') : texts.join(' ').slice(0, maxChars);
}
