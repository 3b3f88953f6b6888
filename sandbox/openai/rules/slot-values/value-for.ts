import type { Property } from '../schema.ts';
import type { SlotKind } from '../slots.ts';
import { readAttendee, readAttendees } from './attendees.ts';
import { readChoice, readFlag, readLimit, readOther } from './choices.ts';
import { readId } from './ids.ts';
import type { FillContext, SlotReader, SlotValue } from './slot-reader.ts';
import { readDate, readDuration, readEnd, readRange, readStart, readTime, readZone } from './times.ts';
import { readBody, readLocation, readQuery, readTitle } from './words.ts';

/** The value of one slot, `missing` where it has to be asked for, undefined where nothing was said of it. */
export function valueFor(slot: SlotKind, property: Property, context: FillContext): SlotValue {
  const answer = context.facts.answers[property.name];
  if (answer !== undefined && asString[slot]) return { value: answer };
  return readers[slot](property, context);
}

const asString: Partial<Record<SlotKind, true>> = { subject: true, query: true, location: true, body: true, other: true };

const readers: Readonly<Record<SlotKind, SlotReader>> = {
  range: readRange,
  start: readStart,
  end: readEnd,
  date: readDate,
  time: readTime,
  duration: readDuration,
  attendees: readAttendees,
  attendee: readAttendee,
  subject: readTitle,
  limit: readLimit,
  zone: readZone,
  query: readQuery,
  location: readLocation,
  body: readBody,
  id: readId,
  flag: readFlag,
  choice: readChoice,
  other: readOther,
};
