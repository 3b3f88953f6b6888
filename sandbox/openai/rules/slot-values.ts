import type { DateTime } from 'luxon';
import { isObject, type JsonSchema } from '../wire/strict-schema.ts';
import { validatorOf } from '../wire/validate.ts';
import { emailOf, type Contacts } from './language/attendees.ts';
import type { Facts } from './language/facts.ts';
import { endAfter, rangeOf, startOf, type Range } from './language/resolve.ts';
import { isOccasion, isVague, readSubject, subjectFor, withoutRequest } from './language/subject.ts';
import { propertiesOf, type Property } from './schema.ts';
import type { SlotKind } from './slots.ts';

/** What an argument is made from, beside the request itself. */
export interface FillContext {
  readonly facts: Facts;
  readonly now: DateTime;
  readonly contacts: Contacts;
  /** What the intent takes where the request says nothing: its range, length or subject. */
  readonly defaults: FillDefaults;
  /** The ids that an earlier listing gave, by the name of the property that takes one. */
  readonly ids: Readonly<Record<string, string>>;
  /** The address of the person who asks: nobody invites themselves. */
  readonly self?: string | undefined;
}

export interface FillDefaults {
  readonly range?: 'today' | 'week' | 'ahead';
  readonly durationMinutes?: number;
  /** The kind of the thing, for its title: `Meeting`. */
  readonly subjectKind?: string;
  /** Whether a vague subject has to be asked for. */
  readonly subjectRequired?: boolean;
}

/** A slot's value, that nothing was said of it, or what to ask. */
export type SlotValue = { readonly value: unknown } | { readonly missing: string | true } | undefined;

/** The value of one slot, `missing` where it has to be asked for, undefined where nothing was said of it. */
export function valueFor(slot: SlotKind, property: Property, context: FillContext): SlotValue {
  const answer = context.facts.answers[property.name];
  if (answer !== undefined && asString[slot]) return { value: answer };
  return readers[slot](property, context);
}

// `3f9a2c1d`: eight or more of them, or fewer with a digit and a letter among them.
const hexId = /\b(?:[0-9a-f]{8,32}|(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{4,7})\b/i;

const asString: Partial<Record<SlotKind, true>> = { subject: true, query: true, location: true, body: true, other: true };

const readers: Readonly<Record<SlotKind, (property: Property, context: FillContext) => SlotValue>> = {
  range: (property, context) => {
    const range = askedRange(context);
    if (!range) return { missing: 'day' };
    const ends = propertiesOf(property.schema, property.schema);
    const [start, end] = [
      ends.find(({ name }) => /start|from|min|begin/i.test(name)),
      ends.find(({ name }) => /end|to|until|max/i.test(name)),
    ];
    if (!start || !end) return { missing: true };
    const described = (end: Property) => ({ ...end, description: end.description || property.description });
    return { value: { [start.name]: written(range.start, described(start)), [end.name]: written(range.end, described(end)) } };
  },
  start: (property, context) => {
    if (context.defaults.range !== undefined) {
      const range = askedRange(context);
      return range && { value: written(range.start, property) };
    }
    const start = startOf(context.facts.when, context.now);
    return 'at' in start ? { value: written(start.at, property) } : { missing: property.required ? start.missing : true };
  },
  end: (property, context) => {
    if (context.defaults.range !== undefined) {
      const range = askedRange(context);
      return range && { value: written(range.end, property) };
    }
    const start = startOf(context.facts.when, context.now);
    if (!('at' in start)) return undefined;
    const minutes = context.defaults.durationMinutes;
    const end = endAfter(start.at, context.facts.when) ?? (minutes === undefined ? undefined : start.at.plus({ minutes }));
    return end ? { value: written(end, property) } : property.required ? { missing: 'length' } : undefined;
  },
  date: (property, { facts: { when }, now }) => {
    const day = when.day ?? when.exact ?? when.span?.start ?? (when.time ? now : undefined);
    return day ? { value: written(day.startOf('day'), property) } : property.required ? { missing: 'day' } : undefined;
  },
  time: (property, { facts: { when }, now }) => {
    const start = startOf(when, now);
    return 'at' in start ? { value: start.at.toFormat('HH:mm') } : property.required ? { missing: 'time' } : undefined;
  },
  duration: ({ schema, name }, { facts, now, defaults }) => {
    const start = startOf(facts.when, now);
    const end = 'at' in start ? endAfter(start.at, facts.when) : undefined;
    const said = end && 'at' in start ? end.diff(start.at).as('minutes') : facts.when.durationMinutes;
    const minutes = said ?? defaults.durationMinutes;
    if (minutes === undefined) return undefined;
    if (schema.type === 'string') return { value: `PT${minutes}M` };
    return { value: /hour/i.test(name) ? minutes / 60 : /second/i.test(name) ? minutes * 60 : minutes };
  },
  attendees: attendeesOf,
  attendee: (property, { facts, contacts }) => {
    const [first] = facts.mentions;
    const address = first && emailOf(first, contacts);
    if (!first) return undefined;
    if (!wantsEmail(property, property.schema)) return { value: address ?? first.name };
    return address === undefined ? { missing: first.name ?? true } : { value: address };
  },
  subject: (_property, { facts, defaults, contacts }) => {
    const said = readSubject(facts.rest);
    // An address given afterwards is of somebody named before: each person is named once.
    const emails = facts.mentions.map((mention) => emailOf(mention, contacts));
    const people = facts.mentions.filter((_, index) => emails[index] === undefined || emails.indexOf(emails[index]) === index);
    if (said !== undefined && !isVague(said)) return { value: isOccasion(said) ? subjectFor(said, people) : said };
    if (defaults.subjectRequired === true || defaults.subjectKind === undefined) return { missing: true };
    return { value: subjectFor(defaults.subjectKind, people) };
  },
  limit: ({ schema }, { facts }) => {
    if (facts.limit === undefined) return undefined;
    const most = typeof schema.maximum === 'number' ? schema.maximum : facts.limit;
    return { value: Math.min(facts.limit, most) };
  },
  zone: (_property, { now }) => ({ value: now.zoneName }),
  query: (_property, { facts, defaults }) => {
    const whole = withoutRequest(facts.text).replace(/[?!.\s]+$/, '');
    const text = defaults.subjectRequired === true ? readSubject(facts.rest) : whole;
    return text === undefined || text === '' ? { missing: true } : { value: text };
  },
  location: (_property, { facts }) => {
    const place = /\b(?:in|at) (?:the )?((?:\p{Lu}[\p{L}\d]*\s?)+(?:room)?|(?:meeting )?room [\p{L}\d]+)/u.exec(facts.rest)?.[1];
    return place === undefined ? undefined : { value: place.trim() };
  },
  body: (property, { facts }) => {
    const said = /\b(?:notes?|agenda|details?|description|message|saying|say|comment)\s*:?\s+["“]?([^"”]+)/i.exec(
      facts.text,
    )?.[1];
    if (said !== undefined) return { value: said.trim() };
    return property.required && !property.nullable ? { value: withoutRequest(facts.text) } : undefined;
  },
  id: ({ name, schema }, { ids, facts }) => {
    // Hex digits first: what is left of them once dates and times are read out says nothing.
    const known = ids[name] ?? hexId.exec(facts.text)?.[0] ?? /(?:#|\b[A-Z]{2,}-)\d+\b|\b\d{3,}\b/.exec(facts.rest)?.[0];
    if (known === undefined) return undefined;
    return { value: schema.type === 'integer' ? Number(known.replace(/\D/g, '')) : known.replace(/^#/, '') };
  },
  flag: ({ name, required, nullable }, { facts }) => {
    const word = name.replace(/^(?:is|has|with)_?/i, '');
    const said = /online|teams|remote/i.test(name) ? /\b(?:teams|online|video|remote)\b/i : new RegExp(`\\b${word}\\b`, 'i');
    if (said.test(facts.text)) return { value: true };
    return required && !nullable ? { value: false } : undefined;
  },
  choice: ({ schema }, { facts }) => {
    const options = Array.isArray(schema.enum) ? (schema.enum as unknown[]) : [schema.const];
    if (options.length === 1) return { value: options[0] };
    const said = options.find((option) => typeof option === 'string' && mentioned(option, facts.text));
    return said === undefined ? undefined : { value: said };
  },
  other: ({ schema }) => (schema.type === 'array' && schema.minItems === undefined ? { value: [] } : undefined),
};

function attendeesOf(property: Property, { facts, contacts, self }: FillContext): SlotValue {
  const items = isObject(property.schema.items) ? property.schema.items : {};
  const byObject = isObject(items.properties) ? propertiesOf(items, items) : undefined;
  const emails = byObject ? byObject.some(({ name }) => /mail|address/i.test(name)) : wantsEmail(property, items);
  const values = facts.mentions
    .map((mention) => ({ name: mention.name, email: emailOf(mention, contacts) }))
    .filter(({ email }) => email === undefined || email !== self?.toLowerCase());
  const unknown = emails ? values.find(({ email }) => email === undefined) : undefined;
  if (unknown) return { missing: unknown.name ?? true };
  if (values.length === 0 && typeof property.schema.minItems === 'number' && property.schema.minItems > 0)
    return { missing: true };
  if (values.length === 0 && !property.required) return undefined;
  const distinct = values.filter(
    ({ email }, index) => email === undefined || values.findIndex((other) => other.email === email) === index,
  );
  const one = ({ name, email }: { name: string | undefined; email: string | undefined }) =>
    byObject
      ? Object.fromEntries(byObject.map((part) => [part.name, /mail|address/i.test(part.name) ? email : (name ?? email)]))
      : ((emails ? email : (email ?? name)) ?? '');
  return { value: distinct.map(one) };
}

function wantsEmail({ name, description }: Property, schema: JsonSchema): boolean {
  return schema.format === 'email' || /mail/i.test(name) || /e-?mail/i.test(description);
}

function mentioned(option: string, text: string): boolean {
  return new RegExp(`\\b${option.replace(/[^\w]+|_/g, '[ _-]?')}\\b`, 'i').test(text);
}

const ahead = { today: 1, week: 7, ahead: 14 } as const;

function askedRange({ facts, now, defaults }: FillContext): Range | undefined {
  const range = rangeOf(facts.when, now);
  if (range || defaults.range === undefined) return range;
  // `My next meeting` may be days ahead.
  const reach = facts.limit === undefined ? defaults.range : 'ahead';
  return { start: reach === 'today' ? now.startOf('day') : now, end: now.startOf('day').plus({ days: ahead[reach] }) };
}

/** `local time`, or an example that ends without an offset. */
const localOnly =
  /\blocal\b(?!.*\bor with\b)|without (?:an |any )?(?:utc )?offset|no offset|T\d\d:\d\d(?::\d\d)?(?![\d:.]*(?:Z|[+-]\d\d))/i;

/** An instant as the schema wants it: with its offset, unless only a local time or a date is taken. */
function written(at: DateTime, { schema, description }: Property): string {
  const offset = at.toISO({ suppressMilliseconds: true }) ?? '';
  const local = at.toFormat("yyyy-MM-dd'T'HH:mm:ss");
  const forms = [
    offset,
    at.toUTC().toISO({ suppressMilliseconds: true }) ?? '',
    local,
    at.toFormat("yyyy-MM-dd'T'HH:mm"),
    at.toFormat('yyyy-MM-dd'),
  ];
  if (localOnly.test(description)) forms.unshift(local);
  const { type, format, pattern } = schema;
  const validate = validatorOf({
    type,
    ...(format === undefined ? {} : { format }),
    ...(pattern === undefined ? {} : { pattern }),
  });
  return forms.find((form) => validate?.(form) === true) ?? offset;
}
