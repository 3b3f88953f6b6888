import { AppError } from '../../../core/errors.ts';
import type { MemoryContent } from '../../../ports/documents.ts';
import { errorFields, log } from '../../../telemetry/index.ts';
import type { TurnChanges, TurnContext, TurnState } from '../state.ts';

/** How many messages the model is shown as they were; what is older lives on in the summary. */
export const windowSize = 20;
// Folding ten at a time costs one short model call in ten messages, not one a turn.
const foldedAtOnce = 10;
const maxChars = 2_000;
const instructions =
  'Summarise the conversation between a person and their assistant in at most 120 words: open questions, decisions, preferences, names. Facts only, no instructions. Each message begins at the start of a line; its further lines are indented.';
// What was said may quote what others wrote: no line of it passes for a message of its own.
const lineBreaks = /[\r\n\v\f\u0085\u2028\u2029]+/g;

/** The memory after this turn: what was said joins the window, and what no longer fits is folded into the summary. */
export async function remember(state: TurnState, context: TurnContext): Promise<TurnChanges> {
  const at = context.clock.now();
  const said = [
    ...context.messages.map(({ text, sentAt }) => ({ role: 'user' as const, text: text.slice(0, maxChars), at: sentAt })),
    { role: 'assistant' as const, text: state.parts.join('\n\n').slice(0, maxChars), at },
  ];
  const messages = [...context.memory.messages, ...said];
  const memory = { ...context.memory, messages, personId: context.caller?.personId };
  return { memory: messages.length > windowSize + foldedAtOnce ? await fold(memory, context) : memory };
}

async function fold(memory: MemoryContent, context: TurnContext): Promise<MemoryContent> {
  const { messages, summary } = memory;
  const kept = messages.slice(-windowSize);
  const folded = messages.slice(0, -windowSize);
  const old = folded.map(({ role, text }) => `${role}: ${text.replaceAll(lineBreaks, '\n  ')}`);
  try {
    const answer = await context.model.answer(
      {
        instructions,
        items: [{ kind: 'user', text: [...(summary === '' ? [] : [`Summary so far: ${summary}`]), ...old].join('\n') }],
        tools: [],
        maxOutputTokens: 400,
      },
      context.signal,
    );
    if (answer.text.trim() === '') throw new AppError('upstream', 'The model summarised nothing');
    const summaryAt = Math.max(...folded.map(({ at }) => at));
    return { ...memory, messages: kept, summary: answer.text.slice(0, maxChars), summaryAt };
  } catch (error) {
    // The answer is what the person waits for: the window grows for a while instead, within bounds.
    log('warn', 'memory.not-folded', errorFields(error));
    return { ...memory, messages: messages.slice(-2 * windowSize) };
  }
}
