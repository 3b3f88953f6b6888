import { isObject, propertyOf, type Json, type Value } from '../json.ts';

const typeRank = (value: Value): number => {
  if (value === undefined) return 0;
  if (value === null) return 1;
  if (typeof value === 'boolean') return 2;
  if (typeof value === 'number') return 3;
  if (typeof value === 'string') return 4;
  return Array.isArray(value) ? 5 : 6;
};

const order = <T extends string | number | boolean>(left: T, right: T) => (left < right ? -1 : left > right ? 1 : 0);

/** The order of ORDER BY: undefined, null, booleans, numbers, strings, arrays, objects. */
export function compareForOrder(left: Value, right: Value): number {
  const byType = typeRank(left) - typeRank(right);
  return byType === 0 ? (compareWithinType(left, right) ?? 0) : byType;
}

function compareWithinType(left: Value, right: Value): number | undefined {
  if (typeof left === 'string' && typeof right === 'string') return order(left, right);
  if (typeof left === 'number' && typeof right === 'number') return order(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return order(left, right);
  return left === null && right === null ? 0 : undefined;
}

/** `<` and its like: undefined across types and between arrays or objects. */
export const compare = (left: Value, right: Value): number | undefined => compareWithinType(left, right);

/** `=`: false across types, undefined where a side is not there. */
export function equals(left: Value, right: Value): boolean | undefined {
  return left === undefined || right === undefined ? undefined : isSame(left, right);
}

export function isSame(left: Json, right: Json): boolean {
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length && left.every((item, index) => sameIfThere(item, right[index]));
  }
  if (!isObject(left)) return left === right;
  if (!isObject(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => sameIfThere(propertyOf(left, name), propertyOf(right, name)))
  );
}

const sameIfThere = (left: Value, right: Value) => left !== undefined && right !== undefined && isSame(left, right);

/** Whether all of `part` is in `whole`: ARRAY_CONTAINS with its third argument. */
export function includesPart(whole: Json, part: Json): boolean {
  if (!isObject(part)) return isSame(whole, part);
  return (
    isObject(whole) &&
    Object.entries(part).every(([name, value]) => {
      const own = propertyOf(whole, name);
      return own !== undefined && includesPart(own, value);
    })
  );
}

export function and(left: Value, right: Value): boolean | undefined {
  if (left === false || right === false) return false;
  return left === true && right === true ? true : undefined;
}

export function or(left: Value, right: Value): boolean | undefined {
  if (left === true || right === true) return true;
  return left === false && right === false ? false : undefined;
}

export const not = (value: Value): boolean | undefined => (typeof value === 'boolean' ? !value : undefined);

/** One text for equal values: the key of DISTINCT and GROUP BY. */
export function canonical(value: Value): string {
  if (value === undefined) return 'undefined';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(propertyOf(value, name))}`).join(',')}}`;
}
