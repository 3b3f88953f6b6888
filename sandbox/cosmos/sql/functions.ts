import { isObject, type Value } from '../json.ts';
import { includesPart, isSame } from './values.ts';

interface SqlFunction {
  readonly least: number;
  readonly most: number;
  readonly call: (...values: Value[]) => Value;
}

const define = (least: number, most: number, call: (...values: Value[]) => Value): SqlFunction => ({ least, most, call });

const isPrimitive = (value: Value) => value === null || ['string', 'number', 'boolean'].includes(typeof value);
const isNumber = (value: Value) => typeof value === 'number';

const ofText = (call: (text: string) => Value) => define(1, 1, (text) => (typeof text === 'string' ? call(text) : undefined));
const ofNumber = (call: (number: number) => number) =>
  define(1, 1, (number) => (typeof number === 'number' ? call(number) : undefined));

/** Two texts and, third, whether case is ignored. */
const ofTexts = (call: (text: string, other: string) => boolean) =>
  define(2, 3, (text, other, ignoreCase = false) => {
    if (typeof text !== 'string' || typeof other !== 'string' || typeof ignoreCase !== 'boolean') return undefined;
    return ignoreCase ? call(text.toLowerCase(), other.toLowerCase()) : call(text, other);
  });

const arrayContains = define(2, 3, (array, searched, partial = false) => {
  if (!Array.isArray(array) || searched === undefined || typeof partial !== 'boolean') return undefined;
  return array.some((item) => (partial ? includesPart(item, searched) : isSame(item, searched)));
});

const substring = define(3, 3, (text, start, length) => {
  if (typeof text !== 'string' || typeof start !== 'number' || typeof length !== 'number') return undefined;
  return text.slice(Math.max(0, start), Math.max(0, start) + Math.max(0, length));
});

const replace = define(3, 3, (text, searched, replacement) => {
  if (typeof text !== 'string' || typeof searched !== 'string' || typeof replacement !== 'string') return undefined;
  return text.replaceAll(searched, () => replacement);
});

const concat = define(2, Infinity, (...values) =>
  values.every((value) => typeof value === 'string') ? values.join('') : undefined,
);

/** By upper-case name. */
export const sqlFunctions: ReadonlyMap<string, SqlFunction> = new Map([
  ['IS_DEFINED', define(1, 1, (value) => value !== undefined)],
  ['IS_NULL', define(1, 1, (value) => value === null)],
  ['IS_STRING', define(1, 1, (value) => typeof value === 'string')],
  ['IS_NUMBER', define(1, 1, isNumber)],
  ['IS_BOOL', define(1, 1, (value) => typeof value === 'boolean')],
  ['IS_ARRAY', define(1, 1, (value) => Array.isArray(value))],
  ['IS_OBJECT', define(1, 1, (value) => isObject(value))],
  ['IS_PRIMITIVE', define(1, 1, isPrimitive)],
  ['ARRAY_CONTAINS', arrayContains],
  ['ARRAY_LENGTH', define(1, 1, (array) => (Array.isArray(array) ? array.length : undefined))],
  ['STARTSWITH', ofTexts((text, start) => text.startsWith(start))],
  ['ENDSWITH', ofTexts((text, end) => text.endsWith(end))],
  ['CONTAINS', ofTexts((text, part) => text.includes(part))],
  ['STRINGEQUALS', ofTexts((text, other) => text === other)],
  ['LOWER', ofText((text) => text.toLowerCase())],
  ['UPPER', ofText((text) => text.toUpperCase())],
  ['TRIM', ofText((text) => text.trim())],
  ['LENGTH', ofText((text) => text.length)],
  ['CONCAT', concat],
  ['SUBSTRING', substring],
  ['REPLACE', replace],
  ['ABS', ofNumber(Math.abs)],
  ['FLOOR', ofNumber(Math.floor)],
  ['CEILING', ofNumber(Math.ceil)],
  ['ROUND', ofNumber(Math.round)],
]);

/** LIKE: `%` any text, `_` one character, `[a-z]` and `[^a]` sets, all of it literal after the escape character. */
export function likePattern(pattern: string, escape: string | undefined): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    const set = /^\[\^?[^\]]+\]/.exec(pattern.slice(at))?.[0];
    if (character === escape) source += quote(pattern.charAt(++at));
    else if (character === '%') source += '.*';
    else if (character === '_') source += '.';
    else if (set !== undefined) {
      source += set.replaceAll('\\', '\\\\');
      at += set.length - 1;
    } else source += quote(character);
  }
  return new RegExp(`^${source}$`, 'su');
}

const quote = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
