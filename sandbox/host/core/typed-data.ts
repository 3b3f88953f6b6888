import type { TypedData } from './types.ts';

/** Strings stay strings (the library parses them as JSON: its trap is kept), bytes bytes; everything else is JSON. */
export function toTypedData(value: unknown): TypedData {
  if (typeof value === 'string') return { string: value };
  if (value instanceof Uint8Array) return { bytes: value };
  return { json: JSON.stringify(value) };
}

/** Metadata by name; what is null is left out, as the real host does. */
export function toMetadata(values: Readonly<Record<string, unknown>>): Record<string, TypedData> {
  const known = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(known.map(([name, value]) => [name, toTypedData(value)]));
}

/** A .NET DateTime in UTC as Newtonsoft writes it: no trailing zeros. */
export function toDateTime(date: Date): string {
  return date.toISOString().replace(/\.?0*Z$/, 'Z');
}

/** A .NET DateTimeOffset. */
export function toDateTimeOffset(date: Date): string {
  return toDateTime(date).replace(/Z$/, '+00:00');
}

/**
 * The real host adds the top-level members of a JSON body to the metadata, in place of what was there under the same name
 * (whatever its case): strings, numbers and booleans as text, objects as JSON, arrays and nulls not.
 */
export function withBodyMembers(metadata: Record<string, TypedData>, body: string): Record<string, TypedData> {
  const parsed = parseObject(body);
  if (!parsed) return metadata;
  const names = new Map(Object.keys(metadata).map((name) => [name.toLowerCase(), name]));
  const result = { ...metadata };
  for (const [name, value] of Object.entries(parsed)) {
    if (value === null || Array.isArray(value)) continue;
    result[names.get(name.toLowerCase()) ?? name] =
      typeof value === 'object' ? { json: JSON.stringify(value) } : { string: asDotNetText(value) };
  }
  return result;
}

function parseObject(body: string): Record<string, unknown> | undefined {
  if (!/^\s*\{[\s\S]*\}\s*$/.test(body)) return undefined;
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function asDotNetText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}
