import type { DateTime } from 'luxon';

/** A day of one person's calendar, counted from today in their own zone. */
export interface Day {
  readonly date: string;
  readonly offset: number;
  /** Days since 1970: what varies from day to day is picked by it. */
  readonly number: number;
  /** 1 is Monday. */
  readonly weekday: number;
}

export function dayOf(day: DateTime, offset: number): Day {
  const date = day.toFormat('yyyy-MM-dd');
  return { date, offset, number: Math.round(Date.parse(date) / 86_400_000), weekday: day.weekday };
}

export const isWorkday = ({ weekday }: Day) => weekday <= 5;
export const pick = <T>({ number }: Day, list: readonly [T, ...T[]]): T => list[number % list.length] ?? list[0];

/** The first such weekday after tomorrow. */
export const isFirst = ({ weekday, offset }: Day, wanted: number) => weekday === wanted && offset >= 2 && offset <= 8;
