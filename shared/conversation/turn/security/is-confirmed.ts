import { asAppError } from '../../../core/errors.ts';
import type { RecordedCall } from '../../../ports/documents.ts';
import type { Tool } from '../../../tools/index.ts';
import { parseArguments } from '../tool-client.ts';

/**
 * Whether the person said yes to a call of which this is one of the values that must come from them. What else stands in
 * its arguments, a subject or a title, they were shown as text and confirmed as nothing more.
 */
export function isConfirmed(tools: readonly Tool[], approved: readonly RecordedCall[], value: string): boolean {
  const wanted = value.toLowerCase();
  return approved.some((call) => valuesOf(tools, call).some((confirmed) => confirmed.toLowerCase() === wanted));
}

function valuesOf(tools: readonly Tool[], call: RecordedCall): readonly string[] {
  try {
    return tools.find(({ name }) => name === call.name)?.fromPerson(parseArguments(call)) ?? [];
  } catch (error) {
    // Recorded by another version of the tool: it is refused when it is called, and confirms nothing.
    if (asAppError(error, 'invalid-input')) return [];
    throw error;
  }
}
