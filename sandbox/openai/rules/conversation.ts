import type { ConversationItem } from '../wire/items.ts';

/** What a person wrote in a row, and what the assistant had said before it. */
export interface Block {
  readonly messages: readonly string[];
  /** What the assistant said last before these messages; empty at the beginning. */
  readonly before: string;
  /** How many of the conversation's texts came before these messages. */
  readonly textsBefore: number;
}

export interface MadeCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly output: string;
}

export interface Conversation {
  /** Oldest first; the last is what is to be answered now. */
  readonly blocks: readonly Block[];
  /** The calls already made for the last block, with their results. */
  readonly calls: readonly MadeCall[];
  /** What the application or its developer put among the messages. */
  readonly instructions: string;
  /** Whether a file came with the last messages: the rules cannot open any. */
  readonly hasAttachment: boolean;
  readonly transcript: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
  /** Everything written out anywhere, for the addresses in it. */
  readonly texts: readonly string[];
}

// Far more than anybody asks for in one message; what comes behind it is not read as a request.
const maxChars = 4_000;
// How the application tells of a file that came with a message.
const attachment = /\s?\[The person attached [^\]]*\]/;

export function readConversation(items: readonly ConversationItem[]): Conversation {
  const blocks: { messages: string[]; before: string; textsBefore: number }[] = [];
  let before = '';
  let isOpen = false;
  let hasAttachment = false;
  for (const [index, item] of items.entries()) {
    if (item.kind !== 'message') {
      isOpen = false;
    } else if (item.role === 'assistant') {
      before = isOpen || before === '' ? item.text : `${before}\n${item.text}`;
      isOpen = false;
    } else if (item.role === 'user') {
      const text = plain(item.text);
      if (isOpen) blocks.at(-1)?.messages.push(text);
      else blocks.push({ messages: [text], before, textsBefore: index });
      hasAttachment = (isOpen && hasAttachment) || attachment.test(item.text);
      if (!isOpen) before = '';
      isOpen = true;
    }
  }
  const messages = items.filter((item) => item.kind === 'message');
  const lastUser = items.findLastIndex((item) => item.kind === 'message' && item.role === 'user');
  return {
    blocks,
    hasAttachment,
    calls: madeCalls(items.slice(lastUser + 1)),
    instructions: messages
      .filter(({ role }) => role === 'system' || role === 'developer')
      .map(({ text }) => text)
      .join('\n'),
    transcript: messages.flatMap(({ role, text }) => (role === 'user' || role === 'assistant' ? [{ role, text }] : [])),
    texts: items.map((item) => (item.kind === 'message' ? item.text : item.kind === 'call' ? '' : item.output)),
  };
}

/** What is read of a message: not endless, no runs of blanks, no note of the application's. */
function plain(text: string): string {
  return text
    .replace(attachment, '')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n\s*/g, '\n')
    .slice(0, maxChars);
}

function madeCalls(items: readonly ConversationItem[]): MadeCall[] {
  return items.flatMap((item) => {
    if (item.kind !== 'call') return [];
    const result = items.find((other) => other.kind === 'result' && other.callId === item.callId);
    const output = result?.kind === 'result' ? result.output : '';
    return [{ name: item.name, arguments: readJson(item.arguments), output }];
  });
}

function readJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
