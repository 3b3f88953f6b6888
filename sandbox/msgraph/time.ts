import { DateTime, IANAZone } from 'luxon';
import { findIana } from 'windows-iana';
import { invalidBody, unknownTimeZone } from './errors.ts';

/** A wall-clock time and the zone that the sender named: IANA or Windows. */
export interface ZonedTime {
  /** `yyyy-MM-ddTHH:mm:ss`, without an offset. */
  readonly dateTime: string;
  readonly timeZone: string;
}

// Every time of every event asks, and the look-up by Windows name is a search through a list.
const zones = new Map<string, string>();

/** The IANA name of a zone given as IANA, as Windows or as `UTC`. */
export function ianaZone(name: string): string {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone = findZone(name);
  zones.set(name, zone);
  return zone;
}

function findZone(name: string): string {
  if (/^(utc|tzone:\/\/microsoft\/utc)$/i.test(name)) return 'UTC';
  if (name.includes('/') && IANAZone.isValidZone(name)) return name;
  const [first] = findIana(name) as string[];
  if (first === undefined) throw unknownTimeZone(name);
  return first;
}

export const localFormat = "yyyy-MM-dd'T'HH:mm:ss";

/** Reads what a body sends as dateTimeTimeZone; an offset in it rules, and is turned into the zone. */
export function parseZonedTime({ dateTime, timeZone }: { dateTime: string; timeZone: string }): ZonedTime {
  const zone = ianaZone(timeZone);
  const parsed = DateTime.fromISO(dateTime, { zone });
  if (!parsed.isValid) throw invalidBody(`Cannot convert the literal '${dateTime}' to the expected type 'Edm.DateTimeOffset'.`);
  return { dateTime: parsed.toFormat(localFormat), timeZone };
}

export function instantOf({ dateTime, timeZone }: ZonedTime): number {
  return DateTime.fromISO(dateTime, { zone: ianaZone(timeZone) }).toMillis();
}

/** An instant on the wire in a zone: seven digits and no offset. */
export function wireTime(instant: number, timeZone: string) {
  const local = DateTime.fromMillis(instant, { zone: ianaZone(timeZone) });
  return { dateTime: `${local.toFormat(localFormat)}.0000000`, timeZone };
}

/** A moment given in a query; without an offset it is UTC. Undefined where it is none. */
export function parseMoment(value: string): number | undefined {
  const parsed = DateTime.fromISO(value, { zone: 'utc' });
  return parsed.isValid ? parsed.toMillis() : undefined;
}

export const isoSeconds = (instant: number) => `${new Date(instant).toISOString().slice(0, 19)}Z`;
/** A timestamp as Outlook writes it: UTC with seven digits. */
export const timestamp = (instant: number) => new Date(instant).toISOString().replace('Z', '0000Z');
export const neverTime = '0001-01-01T00:00:00Z';
