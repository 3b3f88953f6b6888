import type { Container, JSONObject } from '@azure/cosmos';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { request, statusOf, toAppError } from './errors.ts';
import { abortedBy } from './select.ts';

// Each try that fails was overtaken by another writer.
const maxTries = 5;

const Tombstone = z.object({ erased: z.literal(true) });

/** Whether this is what is left of a document of somebody who was erased. */
export function isTombstone(stored: unknown): boolean {
  return Tombstone.safeParse(stored).success;
}

/** Puts a tombstone in the place of whatever is there, or is not: nothing is saved there any more. */
export async function leaveTombstone(
  container: Container,
  place: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<void> {
  await request(`erase in ${container.id}`, () => container.items.upsert({ ...place, erased: true }, abortedBy(signal)));
}

/**
 * Creates or replaces a document, unless a tombstone is there: whoever read it before it was erased brings nothing back.
 * @throws {AppError} `gone` where it was erased.
 */
export async function saveUnlessErased(
  container: Container,
  { document, key }: { document: { readonly id: string } & object; key: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  const item = container.item(document.id, key);
  for (let tries = 1; ; tries += 1) {
    try {
      await container.items.create(document, abortedBy(signal));
      return;
    } catch (error) {
      if (statusOf(error) !== 409) throw toAppError(error, `save in ${container.id}`);
    }
    const { resource, etag } = await request(`read ${container.id}`, () => item.read<JSONObject>(abortedBy(signal)));
    if (isTombstone(resource)) throw new AppError('gone', 'The person was erased', { vendor: 'cosmos' });
    try {
      await item.replace(document, { accessCondition: { type: 'IfMatch', condition: etag }, ...abortedBy(signal) });
      return;
    } catch (error) {
      // Changed, or gone, since it was read.
      if (tries === maxTries || ![404, 412].includes(statusOf(error) ?? 0)) throw toAppError(error, `save in ${container.id}`);
    }
  }
}
