import { endAfter, rangeOf, startOf, type Range } from '../language/resolve.ts';
import { propertiesOf, type Property } from '../schema.ts';
import type { FillContext, SlotReader } from './slot-reader.ts';
import { writeInstant } from './write-instant.ts';

export const readRange: SlotReader = (property, context) => {
  const range = askedRange(context);
  if (!range) return { missing: 'day' };
  const ends = propertiesOf(property.schema, property.schema);
  const [start, end] = [
    ends.find(({ name }) => /start|from|min|begin/i.test(name)),
    ends.find(({ name }) => /end|to|until|max/i.test(name)),
  ];
  if (!start || !end) return { missing: true };
  const described = (end: Property) => ({ ...end, description: end.description || property.description });
  return {
    value: { [start.name]: writeInstant(range.start, described(start)), [end.name]: writeInstant(range.end, described(end)) },
  };
};

export const readStart: SlotReader = (property, context) => {
  if (context.defaults.range !== undefined) {
    const range = askedRange(context);
    return range && { value: writeInstant(range.start, property) };
  }
  const start = startOf(context.facts.when, context.now);
  return 'at' in start ? { value: writeInstant(start.at, property) } : { missing: property.required ? start.missing : true };
};

export const readEnd: SlotReader = (property, context) => {
  if (context.defaults.range !== undefined) {
    const range = askedRange(context);
    return range && { value: writeInstant(range.end, property) };
  }
  const start = startOf(context.facts.when, context.now);
  if (!('at' in start)) return undefined;
  const minutes = context.defaults.durationMinutes;
  const end = endAfter(start.at, context.facts.when) ?? (minutes === undefined ? undefined : start.at.plus({ minutes }));
  return end ? { value: writeInstant(end, property) } : property.required ? { missing: 'length' } : undefined;
};

export const readDate: SlotReader = (property, { facts: { when }, now }) => {
  const day = when.day ?? when.exact ?? when.span?.start ?? (when.time ? now : undefined);
  return day ? { value: writeInstant(day.startOf('day'), property) } : property.required ? { missing: 'day' } : undefined;
};

export const readTime: SlotReader = (property, { facts: { when }, now }) => {
  const start = startOf(when, now);
  return 'at' in start ? { value: start.at.toFormat('HH:mm') } : property.required ? { missing: 'time' } : undefined;
};

export const readDuration: SlotReader = ({ schema, name }, { facts, now, defaults }) => {
  const start = startOf(facts.when, now);
  const end = 'at' in start ? endAfter(start.at, facts.when) : undefined;
  const said = end && 'at' in start ? end.diff(start.at).as('minutes') : facts.when.durationMinutes;
  const minutes = said ?? defaults.durationMinutes;
  if (minutes === undefined) return undefined;
  if (schema.type === 'string') return { value: `PT${minutes}M` };
  return { value: /hour/i.test(name) ? minutes / 60 : /second/i.test(name) ? minutes * 60 : minutes };
};

export const readZone: SlotReader = (_property, { now }) => ({ value: now.zoneName });

const ahead = { today: 1, week: 7, ahead: 14 } as const;

function askedRange({ facts, now, defaults }: FillContext): Range | undefined {
  const range = rangeOf(facts.when, now);
  if (range || defaults.range === undefined) return range;
  // `My next meeting` may be days ahead.
  const reach = facts.limit === undefined ? defaults.range : 'ahead';
  return { start: reach === 'today' ? now.startOf('day') : now, end: now.startOf('day').plus({ days: ahead[reach] }) };
}
