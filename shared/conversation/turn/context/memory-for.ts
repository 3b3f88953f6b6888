import type { MemoryContent } from '../../../ports/documents.ts';

/**
 * The memory as this person may be shown it: what was said before `since` is over, and what was said while somebody else
 * was linked to the chat is not theirs. What the chat is called stays.
 */
export function memoryFor(
  { messages, summary, summaryAt, personId, chatId }: MemoryContent,
  reader: { personId: string | undefined; since: number },
): MemoryContent {
  const isTheirs = personId === undefined || personId === reader.personId;
  const isSummed = isTheirs && (summaryAt ?? reader.since) >= reader.since;
  return {
    messages: isTheirs ? messages.filter(({ at }) => at >= reader.since) : [],
    ...(isSummed ? { summary, summaryAt } : { summary: '' }),
    chatId,
  };
}
