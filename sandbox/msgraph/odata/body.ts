import { z } from 'zod';
import { invalidBody } from '../errors.ts';

/** An enum of Graph: names are compared without case, as the service does. */
export function enumOf<const T extends string>(values: readonly [T, ...T[]]) {
  return z.string().transform((value, context): T => {
    const found = values.find((known) => known.toLowerCase() === value.toLowerCase());
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: `Requested value '${value}' was not found.` });
    return z.NEVER;
  });
}

/** An object of Graph: its own members and `@odata.type`, nothing else. */
export const typeOf = <T extends z.ZodRawShape>(shape: T) => z.strictObject({ '@odata.type': z.string().optional(), ...shape });

/**
 * Reads a body; what is no member of its type, or of another kind, is refused as Graph does.
 * @param types The name of the type at a path of member names, as `attendees` or `attendees/emailAddress`.
 */
export function readBody<T>(schema: z.ZodType<T>, body: unknown, types: Readonly<Record<string, string>>): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).filter((part) => typeof part === 'string').join('/');
  if (issue?.code === 'unrecognized_keys') {
    throw invalidBody(
      `The property '${issue.keys[0] ?? ''}' does not exist on type 'microsoft.graph.${types[path] ?? 'event'}'. ` +
        'Make sure to only use property names that are defined by the type.',
    );
  }
  throw invalidBody(`An unexpected value was found for the property '${path}': ${issue?.message ?? ''}`);
}
