import { isObject, type JsonSchema } from '../../wire/strict-schema.ts';
import { emailOf } from '../language/attendees.ts';
import { propertiesOf, type Property } from '../schema.ts';
import type { FillContext, SlotReader, SlotValue } from './slot-reader.ts';

export function readAttendees(property: Property, { facts, contacts, self }: FillContext): SlotValue {
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

export const readAttendee: SlotReader = (property, { facts, contacts }) => {
  const [first] = facts.mentions;
  const address = first && emailOf(first, contacts);
  if (!first) return undefined;
  if (!wantsEmail(property, property.schema)) return { value: address ?? first.name };
  return address === undefined ? { missing: first.name ?? true } : { value: address };
};

function wantsEmail({ name, description }: Property, schema: JsonSchema): boolean {
  return schema.format === 'email' || /mail/i.test(name) || /e-?mail/i.test(description);
}
