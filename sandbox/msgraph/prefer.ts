import { badRequest } from './errors.ts';
import { ianaZone } from './time.ts';

/** What the Prefer header asks for, of what Outlook knows; the rest is passed over, as RFC 7240 wants. */
export interface Preferences {
  readonly timeZone: string;
  readonly bodyType: 'html' | 'text';
  readonly immutableIds: boolean;
  readonly maxPageSize: number | undefined;
  /** For the header Preference-Applied. */
  readonly applied: readonly string[];
}

export function parsePreferences(header: string | null): Preferences {
  const asked = askedFor(header);
  const timeZone = asked.get('outlook.timezone');
  if (timeZone !== undefined) ianaZone(timeZone);
  const bodyType = bodyTypeOf(asked.get('outlook.body-content-type'));
  const immutableIds = asked.get('idtype')?.toLowerCase() === 'immutableid';
  const maxPageSize = asked.get('odata.maxpagesize');
  const applied = [
    timeZone !== undefined && `outlook.timezone="${timeZone}"`,
    bodyType !== undefined && `outlook.body-content-type="${bodyType}"`,
    immutableIds && 'IdType="ImmutableId"',
    maxPageSize !== undefined && `odata.maxpagesize=${maxPageSize}`,
  ];
  return {
    timeZone: timeZone ?? 'UTC',
    bodyType: bodyType ?? 'html',
    immutableIds,
    maxPageSize: maxPageSize === undefined ? undefined : Math.max(1, Number.parseInt(maxPageSize, 10) || 1),
    applied: applied.filter((preference) => preference !== false),
  };
}

function askedFor(header: string | null): ReadonlyMap<string, string> {
  return new Map(
    [...(header ?? '').matchAll(/([\w.-]+)\s*=\s*(?:"([^"]*)"|([^",;\s]+))/g)].map(([, name, quoted, bare]) => [
      (name ?? '').toLowerCase(),
      quoted ?? bare ?? '',
    ]),
  );
}

function bodyTypeOf(asked: string | undefined): 'html' | 'text' | undefined {
  const bodyType = asked?.toLowerCase();
  if (bodyType === undefined || bodyType === 'html' || bodyType === 'text') return bodyType;
  throw badRequest(`The value '${bodyType}' of the preference outlook.body-content-type is not supported.`);
}
