import { log } from '../../../telemetry/index.ts';
import type { TurnChanges, TurnContext, TurnState } from '../state.ts';
import { askFor } from '../../approvals.ts';
import { claimsUndoneWrite, recallsEarlierWrite } from './check-claims.ts';
import { withoutForeignLinks } from './check-links.ts';
import { splitReply } from './split-reply.ts';

const notDone = 'I have not done that. Tell me what you would like, and I will try again.';
const nothingToSay = 'I have nothing to add. What can I do for you?';

/**
 * The words of a turn in parts: the model's, checked, and below them one line for each write, made by our code from the
 * turn's calls.
 */
export function composeReply(state: TurnState, context: TurnContext): TurnChanges {
  const receipts = state.results.flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt]));
  const words = state.author === 'model' ? checkedWords(state, context) : state.text.trim();
  // The subject of an event may have come from a document: a receipt is no way round the check either.
  const text = [words, withOwnLinks(receipts.join('\n'), context), questionOf(state)]
    .filter((block) => block !== '')
    .join('\n\n');
  return { parts: splitReply(text === '' ? nothingToSay : text) };
}

/** What the person is asked before it is written, because they wrote it a while ago. */
function questionOf({ proposals }: TurnState): string {
  if (proposals.length === 0) return '';
  return `You wrote that a while ago, so I ask first. Shall I?\n${askFor(proposals.map(({ line }) => line))}`;
}

function checkedWords(state: TurnState, context: TurnContext): string {
  const remembered = context.memory.messages.filter(({ role }) => role === 'assistant').map(({ text }) => text);
  const words = context.messages.map(({ text }) => text);
  if (claimsUndoneWrite(state.text, state.results, { recalls: recallsEarlierWrite(words, remembered) })) {
    log('warn', 'reply.claim-replaced', { turn: context.turnId });
    return notDone;
  }
  return withOwnLinks(state.text, context).trim();
}

/** A text with what others wrote in it, without the links that are not the person's own. */
export function withOwnLinks(given: string, context: Pick<TurnContext, 'memory' | 'messages' | 'turnId'>): string {
  const { text, removed } = withoutForeignLinks(given, personWords(context));
  if (removed > 0) log('warn', 'reply.links-removed', { turn: context.turnId, removed });
  return text;
}

/** All that the person themselves wrote, as far as the turn remembers. */
export function personWords({ memory, messages }: Pick<TurnContext, 'memory' | 'messages'>): string {
  const earlier = memory.messages.filter(({ role }) => role === 'user').map(({ text }) => text);
  return [...earlier, ...messages.map(({ text }) => text)].join('\n');
}
