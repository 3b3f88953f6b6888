import type { DateTime } from 'luxon';
import { omit } from '../omit.ts';
import { isObject } from '../wire/strict-schema.ts';
import { fillArguments } from './fill.ts';
import type { RulesTool } from './intent.ts';
import type { Contacts } from './language/attendees.ts';
import type { Facts } from './language/facts.ts';
import type { Prompt } from './prompt.ts';
import { readResult } from './wording/result.ts';
import { listIn, readEvent } from './wording/shape.ts';

/** The arguments of the listing in which the thing that is meant should be. */
export function lookUpArguments(
  listing: RulesTool,
  facts: Facts,
  { prompt, contacts }: { readonly prompt: Prompt; readonly contacts: Contacts },
): Record<string, unknown> {
  const when = omit(facts.when, 'time', 'untilTime', 'part');
  // A time alone is of today; neither day nor time is of the days to come.
  const day = when.day ?? (facts.when.time && !when.span ? prompt.now.startOf('day') : undefined);
  const whole = { ...facts, when: { ...when, ...(day ? { day } : {}) } };
  const context = { facts: whole, now: prompt.now, contacts, defaults: { range: 'ahead' as const }, ids: {} };
  return fillArguments(listing.parameters, context).arguments;
}

export interface Found {
  readonly ids?: Readonly<Record<string, string>>;
  readonly durationMinutes?: number;
  readonly among: readonly unknown[];
}

/** The ids of the one thing in a listing that is meant, or those among which to choose. */
export function foundIds(output: string, facts: Facts, now: DateTime): Found {
  const items = (listIn(readResult(output).value) ?? []).filter(isObject);
  const time = facts.when.time;
  const atTime = time
    ? items.filter((item) => {
        const start = readEvent(item, now)?.start;
        return start?.hour === time.hour && start.minute === time.minute;
      })
    : [];
  const pool = atTime.length > 0 ? atTime : items;
  const scored = pool.map((item) => ({ item, score: overlap(JSON.stringify(Object.values(item)), facts) }));
  const best = Math.max(0, ...scored.map(({ score }) => score));
  const candidates = scored.filter(({ score }) => score === best).map(({ item }) => item);
  const [only] = candidates;
  if (candidates.length !== 1 || !only || (time && atTime.length === 0 && best === 0)) return { among: candidates };
  const id = Object.entries(only).find(([name, value]) => /^(?:id|\w+Id)$/.test(name) && typeof value === 'string');
  if (!id) return { among: candidates };
  const event = readEvent(only, now);
  const length = event?.end ? { durationMinutes: event.end.diff(event.start).as('minutes') } : {};
  return { ids: idNames(String(id[1])), among: candidates, ...length };
}

/** One id under the names that a property taking it may have. */
function idNames(id: string): Record<string, string> {
  return Object.fromEntries(
    ['id', 'eventId', 'event_id', 'meetingId', 'meeting_id', 'itemId', 'ticketId', 'reminderId'].map((name) => [name, id]),
  );
}

const stop = new Set(
  'cancel move reschedule postpone delete remove change meeting event appointment the my our with and for please call push shift'.split(
    ' ',
  ),
);

function overlap(item: string, { rest }: Facts): number {
  const words = rest.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
  const lower = item.toLowerCase();
  return words.filter((word) => !stop.has(word) && lower.includes(word)).length;
}
