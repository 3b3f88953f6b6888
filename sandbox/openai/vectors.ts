/** Words that say little of what a text is about. */
const common = new Set(
  'a an the and or of to in on at for by with from is are was were be been it its this that these those as we you i he she they not do does'.split(
    ' ',
  ),
);
// Each feature touches one place in every block, so that the first dimensions alone are an embedding too, as the vendor's are.
const blockSize = 32;

/**
 * A text as a vector of unit length: its words and their letters' trigrams, hashed. Near texts come out near as far as
 * they share words or parts of words; no meaning is known.
 */
export function embed(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const [feature, weight] of featuresOf(text)) {
    let hash = hashOf(feature);
    for (let block = 0; block < dimensions; block += blockSize) {
      hash = mix(hash);
      const place = block + (hash & (blockSize - 1));
      if (place < dimensions) vector[place] = (vector[place] ?? 0) + ((hash & 0x10000) === 0 ? weight : -weight);
    }
  }
  return normalised(vector);
}

function featuresOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (feature: string, weight: number) => counts.set(feature, (counts.get(feature) ?? 0) + weight);
  for (const word of text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .match(/[\p{L}\p{N}]+/gu) ?? []) {
    add(`w:${stem(word)}`, common.has(word) ? 0.1 : 1);
    if (common.has(word)) continue;
    const edged = `^${word}$`;
    for (let at = 0; at + 3 <= edged.length; at += 1) add(`t:${edged.slice(at, at + 3)}`, 0.3);
  }
  if (counts.size === 0) counts.set(`x:${text}`, 1);
  // A word said ten times does not weigh ten times as much.
  return new Map([...counts].map(([feature, count]) => [feature, Math.log1p(count)]));
}

function stem(word: string): string {
  return word.length > 4 ? word.replace(/(?:ings?|ies|ed|es|s|ly)$/, '') : word;
}

function normalised(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  if (length === 0) {
    vector[0] = 1;
    return vector;
  }
  return vector.map((value) => value / length);
}

/** FNV-1a */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** xorshift and a multiplication: the next hash of a row. */
function mix(hash: number): number {
  let next = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  next = Math.imul(next ^ (next >>> 13), 0xc2b2ae35);
  return (next ^ (next >>> 16)) + 0x9e3779b9;
}
