import type { DateTime } from 'luxon';
import { isObject } from '../../wire/strict-schema.ts';
import { instantIn, listIn } from './shape.ts';

const maxLines = 20;
const headline = ['title', 'subject', 'name', 'displayName', 'text', 'summary', 'id'];

/** A result that no intent words, by its shape alone. */
export function wordByShape(value: unknown, now: DateTime): string {
  if (typeof value === 'string') return value.trim() === '' ? 'There is nothing to tell.' : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return 'There is nothing to tell.';
  const told = isObject(value) ? ['answer', 'text', 'message', 'help', 'summary'].map((name) => value[name]) : [];
  const text = told.find((each): each is string => typeof each === 'string' && each !== '');
  const list = listIn(value);
  if (list) return [...(text === undefined ? [] : [text]), ...listLines(list, now)].join('\n');
  if (text !== undefined) return text;
  const fields = isObject(value) ? fieldLines(value, now) : [];
  return fields.length === 0 ? 'There is nothing to tell.' : fields.join('\n');
}

function listLines(list: readonly unknown[], now: DateTime): string[] {
  if (list.length === 0) return ['I found nothing.'];
  const lines = list.slice(0, maxLines).map((item) => `• ${isObject(item) ? itemLine(item, now) : String(item)}`);
  return list.length > maxLines ? [...lines, `… and ${list.length - maxLines} more`] : lines;
}

function itemLine(item: Record<string, unknown>, now: DateTime): string {
  const first = headline.find((name) => typeof item[name] === 'string' && item[name] !== '');
  const rest = Object.entries(item).filter(([name]) => name !== first && !/^id$|Id$/.test(name));
  const details = rest.flatMap(([, value]) => shown(value, now) ?? []);
  return [...(first === undefined ? [] : [String(item[first])]), ...details].join(', ');
}

function fieldLines(value: Record<string, unknown>, now: DateTime): string[] {
  return Object.entries(value).flatMap(([name, each]) => {
    const text = shown(each, now);
    return text === undefined ? [] : [`${label(name)}: ${text}`];
  });
}

function shown(value: unknown, now: DateTime): string | undefined {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value === '') return undefined;
  const instant = /^\d{4}-\d\d-\d\dT/.test(value) ? instantIn(value, now) : undefined;
  return instant ? instant.setLocale('en-GB').toFormat('ccc d LLL HH:mm') : value;
}

function label(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
