import { randomBytes } from 'node:crypto';
import { malformedId } from '../errors.ts';

/** Opaque ids in the style of Exchange: ordinary or immutable (Prefer: IdType), of a whole event or of one date of a series. */
const prefixes = { ordinary: 'AAMkADAz', immutable: 'AAkALgAA' } as const;
const corePattern = '[A-Za-z0-9_-]{40}';
const idPattern = new RegExp(`^(?:${prefixes.ordinary}|${prefixes.immutable})(${corePattern})(?:AAA=|([A-Za-z0-9_-]{11})=)$`);

export const newCore = () => randomBytes(30).toString('base64url');

export function eventId({ core, date }: { core: string; date: string | undefined }, immutable: boolean): string {
  const suffix = date === undefined ? 'AAA' : Buffer.from(date.replaceAll('-', '')).toString('base64url');
  return `${immutable ? prefixes.immutable : prefixes.ordinary}${core}${suffix}=`;
}

/** The event, and the date of the series where the id is one occurrence's. */
export function parseEventId(id: string): { core: string; date: string | undefined } {
  const [, core, encoded] = idPattern.exec(id) ?? [];
  if (core === undefined) throw malformedId();
  if (encoded === undefined) return { core, date: undefined };
  const date = Buffer.from(encoded, 'base64url')
    .toString('latin1')
    .replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  return { core, date };
}

/** Outlook's own default calendar has an id too. */
export const calendarIdOf = (oid: string) => `AQMkADAw${Buffer.from(`calendar-of-${oid}`).toString('base64url')}=`;
export const newICalUId = () => `040000008200E00074C5B7101A82E008${randomBytes(24).toString('hex').toUpperCase()}`;
export const changeKeyOf = ({ core, version }: { core: string; version: number }) =>
  Buffer.from(`${core.slice(0, 12)}${String(version).padStart(6, '0')}`).toString('base64');
export const etagOf = (event: { core: string; version: number }) => `W/"${changeKeyOf(event)}"`;
