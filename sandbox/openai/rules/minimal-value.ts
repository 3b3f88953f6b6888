import type { JsonSchema } from '../wire/strict-schema.ts';
import { propertiesOf, unwrap } from './schema.ts';

const examples: Readonly<Record<string, string>> = {
  'date-time': '1970-01-01T00:00:00Z',
  date: '1970-01-01',
  time: '00:00:00Z',
  duration: 'PT0S',
  email: 'nobody@example.com',
  hostname: 'example.com',
  ipv4: '127.0.0.1',
  ipv6: '::1',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/** The plainest value that a schema takes: the last resort where an answer is forced and nothing is known. */
export function minimalValue(raw: unknown, root: JsonSchema, depth = 0): unknown {
  const { schema, nullable } = unwrap(raw, root);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return (schema.enum as unknown[])[0];
  if (nullable || depth > 20) return null;
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        propertiesOf(schema, root)
          .filter(({ required }) => required)
          .map(({ name, nullable: mayBeNull, schema: own }) => [name, mayBeNull ? null : minimalValue(own, root, depth + 1)]),
      );
    case 'array':
      return Array.from({ length: number(schema.minItems) }, () => minimalValue(schema.items, root, depth + 1));
    case 'string':
      return examples[String(schema.format)] ?? '-'.repeat(number(schema.minLength));
    case 'integer':
    case 'number':
      return smallest(schema);
    case 'boolean':
      return false;
    default:
      return null;
  }
}

function smallest(schema: JsonSchema): number {
  if (typeof schema.exclusiveMinimum === 'number') return schema.exclusiveMinimum + 1;
  if (typeof schema.minimum === 'number') return schema.minimum;
  return typeof schema.maximum === 'number' ? Math.min(0, schema.maximum) : 0;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
