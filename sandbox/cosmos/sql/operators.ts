import type { Value } from '../json.ts';
import type { Expression } from './scope.ts';
import { compare, equals, not } from './values.ts';

export type Binary = (left: Value, right: Value) => Value;

const numeric =
  (operate: (left: number, right: number) => number): Binary =>
  (left, right) => {
    if (typeof left !== 'number' || typeof right !== 'number') return undefined;
    const result = operate(left, right);
    return Number.isFinite(result) ? result : undefined;
  };

export const inequality =
  (holds: (order: number) => boolean): Binary =>
  (left, right) => {
    const order = compare(left, right);
    return order === undefined ? undefined : holds(order);
  };

export const comparisons: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ['=', equals],
  ['!=', (left, right) => not(equals(left, right))],
  ['<>', (left, right) => not(equals(left, right))],
  ['<', inequality((order) => order < 0)],
  ['<=', inequality((order) => order <= 0)],
  ['>', inequality((order) => order > 0)],
  ['>=', inequality((order) => order >= 0)],
]);
export const additive: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ['+', numeric((left, right) => left + right)],
  ['-', numeric((left, right) => left - right)],
  ['||', (left, right) => (typeof left === 'string' && typeof right === 'string' ? left + right : undefined)],
]);
export const multiplicative: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ['*', numeric((left, right) => left * right)],
  ['/', numeric((left, right) => left / right)],
  ['%', numeric((left, right) => left % right)],
]);

export const combine =
  (operate: Binary, left: Expression, right: Expression): Expression =>
  (row) =>
    operate(left(row), right(row));
