import type { DateTime } from 'luxon';
import { validatorOf } from '../../wire/validate.ts';
import type { Property } from '../schema.ts';

/** `local time`, or an example that ends without an offset. */
const localOnly =
  /\blocal\b(?!.*\bor with\b)|without (?:an |any )?(?:utc )?offset|no offset|T\d\d:\d\d(?::\d\d)?(?![\d:.]*(?:Z|[+-]\d\d))/i;

/** An instant as the schema wants it: with its offset, unless only a local time or a date is taken. */
export function writeInstant(at: DateTime, { schema, description }: Property): string {
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
