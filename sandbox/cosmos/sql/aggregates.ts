import type { Value } from '../json.ts';
import { compareForOrder } from './values.ts';

export const aggregateNames = ['COUNT', 'SUM', 'AVG', 'MIN', 'MAX'] as const;
export type AggregateName = (typeof aggregateNames)[number];

export const isAggregate = (name: string): name is AggregateName => (aggregateNames as readonly string[]).includes(name);

/** Values that are not there are passed over; SUM and AVG of anything but numbers are not there either. */
export function aggregate(name: AggregateName, values: readonly Value[]): Value {
  const there = values.filter((value) => value !== undefined);
  switch (name) {
    case 'COUNT':
      return there.length;
    case 'SUM':
      return sum(there);
    case 'AVG': {
      const total = sum(there);
      return total === undefined || there.length === 0 ? undefined : total / there.length;
    }
    case 'MIN':
      return extreme(there, -1);
    case 'MAX':
      return extreme(there, 1);
  }
}

function sum(values: readonly Value[]): number | undefined {
  const numbers = values.filter((value) => typeof value === 'number');
  return numbers.length === values.length ? numbers.reduce((total, value) => total + value, 0) : undefined;
}

function extreme(values: readonly Value[], direction: 1 | -1): Value {
  if (values.some((value) => typeof value === 'object' && value !== null)) return undefined;
  return values.reduce<Value>(
    (found, value) => (found === undefined || direction * compareForOrder(value, found) > 0 ? value : found),
    undefined,
  );
}
