import type { Property } from './schema.ts';

/** What an argument means; read from its name, its format and, where they say nothing, its description. */
export type SlotKind =
  | 'range'
  | 'start'
  | 'end'
  | 'date'
  | 'time'
  | 'duration'
  | 'attendees'
  | 'attendee'
  | 'subject'
  | 'limit'
  | 'zone'
  | 'query'
  | 'location'
  | 'body'
  | 'id'
  | 'flag'
  | 'choice'
  | 'other';

const byName: readonly [RegExp, SlotKind][] = [
  [/^(?:range|window|period|between|time_?range|date_?range)$/i, 'range'],
  [
    /^(?:new_?|event_?|range_?)?(?:start|begin)s?(?:_?(?:at|time|date_?time|date))?$|^(?:from|since|after|at|when|date_?time|due_?at|remind_?at|time_?min)$/i,
    'start',
  ],
  [
    /^(?:new_?|event_?|range_?)?(?:end|finish)(?:e?s)?(?:_?(?:at|time|date_?time|date))?$|^(?:until|till|before|time_?max)$/i,
    'end',
  ],
  [/^(?:date|day|on|due_?date)$/i, 'date'],
  [/^(?:time|time_?of_?day)$/i, 'time'],
  [/duration|^(?:length|minutes|lasts)/i, 'duration'],
  [/^(?:limit|max|top|count|page_?size|max_?(?:results|items|events)|number_?of\w*)$/i, 'limit'],
  [/time_?zone|^tz$/i, 'zone'],
  [/^(?:attendees|participants|invitees|emails|people|guests|members|with|recipients|required_?attendees)$/i, 'attendees'],
  [/^(?:attendee|email|e_?mail|person|assignee|to|recipient|organi[sz]er|requester|owner)$/i, 'attendee'],
  [/^(?:\w+_)?ids?$|(?:[a-z]Id|ID)s?$/, 'id'],
  [/^(?:subject|title|name|summary|what|headline)$/i, 'subject'],
  [/^(?:query|question|q|search|search_?(?:text|terms?)|keywords?|text|request|ask)$/i, 'query'],
  [/^(?:location|room|place|where)$/i, 'location'],
  [/^(?:body|notes?|description|agenda|details?|message|comment|content)$/i, 'body'],
];

export function slotOf(property: Property): SlotKind {
  const { schema, name, description } = property;
  const named = byName.find(([pattern]) => pattern.test(name))?.[1];
  if (named !== undefined && fits(named, property)) return named;
  if (Array.isArray(schema.enum) || schema.const !== undefined) return 'choice';
  if (schema.type === 'boolean') return 'flag';
  if (schema.format === 'date-time') return /\bends?\b|until/i.test(description) ? 'end' : 'start';
  if (schema.format === 'date') return 'date';
  if (schema.format === 'email') return 'attendee';
  if (schema.type === 'array' && (schema.items as { format?: unknown } | undefined)?.format === 'email') return 'attendees';
  return 'other';
}

function fits(slot: SlotKind, { schema }: Property): boolean {
  if (slot === 'range') return schema.type === 'object';
  if (slot === 'attendees') return schema.type === 'array';
  if (slot === 'limit') return schema.type === 'integer' || schema.type === 'number';
  if (Array.isArray(schema.enum)) return false;
  return schema.type === 'string' || (slot === 'duration' && (schema.type === 'integer' || schema.type === 'number'));
}
