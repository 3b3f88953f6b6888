import { z } from 'zod';

/** An attribute's value in OTLP's JSON encoding; whole numbers are strings there. */
const Value = z
  .object({
    stringValue: z.string().optional(),
    intValue: z.union([z.string().regex(/^-?\d+$/), z.int()]).optional(),
    doubleValue: z.number().optional(),
    boolValue: z.boolean().optional(),
  })
  .loose();
export const Attributes = z.array(z.object({ key: z.string(), value: Value })).default([]);

export const Nanoseconds = z.string().regex(/^\d+$/);

/** Attributes as the page and the tests read them: texts. */
export function textsOf(attributes: z.infer<typeof Attributes>): Record<string, string> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? String(value.intValue ?? value.doubleValue ?? value.boolValue ?? ''),
    ]),
  );
}

/** Milliseconds since 1970, with fractions. */
export function millisecondsOf(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1_000n) / 1_000;
}
