import type { IdentityDocument } from '../../ports/people.ts';

/** Whether this name's messages are, or before two conversations became one were, in this conversation. */
export function leadsTo({ conversationId, formerly = [] }: IdentityDocument, wanted: string): boolean {
  return conversationId === wanted || formerly.includes(wanted);
}
