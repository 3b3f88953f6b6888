import type { WordingContext } from '../intent.ts';
import { dayName } from './days.ts';
import { instantIn, listIn } from './shape.ts';
import { isObject } from '../../wire/strict-schema.ts';

const shown = 6;

/** The times at which everybody is free. */
export function wordSlots(result: unknown, { now }: WordingContext): string | undefined {
  const list = listIn(result);
  if (!list) return undefined;
  const slots = list.flatMap((item) => {
    const start = isObject(item) ? instantIn(item.start, now) : undefined;
    const end = isObject(item) ? instantIn(item.end, now) : undefined;
    return start && end ? [{ start, end }] : [];
  });
  if (slots.length < list.length) return undefined;
  if (slots.length === 0) return 'I found no time that suits everybody.';
  const lines = slots
    .slice(0, shown)
    .map(({ start, end }) => `• ${capital(dayName(start, now))}, ${start.toFormat('HH:mm')}–${end.toFormat('HH:mm')}`);
  return `These times are free:\n${lines.join('\n')}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
