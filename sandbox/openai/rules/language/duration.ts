const words: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  'forty-five': 45,
  sixty: 60,
  ninety: 90,
};

export const numberPattern = `\\d+(?:[.,]\\d+)?|${Object.keys(words).reverse().join('|')}`;

export function readNumber(text: string): number | undefined {
  const word = words[text.toLowerCase()];
  const value = word ?? Number(text.replace(',', '.'));
  return Number.isFinite(value) ? value : undefined;
}

const unit = '(h|hrs?|hours?|m|mins?|minutes?)';
// `in two hours` and `the next two hours` are moments, not lengths.
const notAMoment = '(?<!\\b(?:in|within|next|last|past|every|before|after|by)\\s)';
const half = new RegExp(`${notAMoment}\\b(?:for\\s+)?(?:half an hour|(?:a\\s+)?half[- ]hour)(?: long)?\\b`, 'i');
const length = new RegExp(
  `${notAMoment}\\b(?:for\\s+|lasting\\s+)?(?:about\\s+)?(\\d+(?:[.,]\\d+)?(?=\\s*-?\\s*[hm])|(?:${numberPattern})(?=[\\s-]))\\s*-?\\s*${unit}\\b` +
    `(?:\\s+and\\s+(a half|a quarter|\\d+)(?:\\s*(?:m|mins?|minutes?))?\\b|\\s*(\\d+)\\s*(?:m|mins?|minutes?)?\\b)?(?: long)?`,
  'i',
);

/** `for 45 minutes`, `an hour and a half`, `a 30-minute call`; `rest` is the text without it. */
export function readDuration(text: string): { minutes?: number; rest: string } {
  const halfHour = half.exec(text);
  if (halfHour) return { minutes: 30, rest: text.replace(halfHour[0], ' ') };
  const found = length.exec(text);
  if (!found) return { rest: text };
  const [whole, amount = '', unitName = '', more, bare] = found;
  // `at 14h` is a time of day.
  if (unitName.toLowerCase() === 'h' && /\b(?:at|from|to|until)\s+$/i.test(text.slice(0, found.index))) return { rest: text };
  const number = readNumber(amount);
  if (number === undefined) return { rest: text };
  const isHours = unitName.toLowerCase().startsWith('h');
  const extra = more === 'a half' ? 30 : more === 'a quarter' ? 15 : Number(more ?? bare ?? 0);
  if (!isHours && bare !== undefined) return { rest: text };
  return { minutes: Math.round(number * (isHours ? 60 : 1)) + extra, rest: text.replace(whole, ' ') };
}
