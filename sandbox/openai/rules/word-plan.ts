import { questionFor } from './ask.ts';
import type { Conversation, MadeCall } from './conversation.ts';
import { effectOf } from './generic.ts';
import type { Intent, RulesTool, WordingContext } from './intent.ts';
import type { Plan, Step } from './plan.ts';
import type { Prompt } from './prompt.ts';
import { capabilities, smallTalk } from './small-talk.ts';
import { lines, wordEvents } from './wording/events.ts';
import { wordByShape } from './wording/generic.ts';
import { readResult } from './wording/result.ts';
import { readEvent } from './wording/shape.ts';

export interface PlanWording {
  readonly conversation: Conversation;
  readonly prompt: Prompt;
  readonly tools: readonly RulesTool[];
}

/** Said after writes: what came of them is told by the application's own receipts, never by the model. */
export const neutral = 'Here is what happened:';

export function wordPlan({ steps, others }: Plan, wording: PlanWording): string {
  const { conversation, tools, prompt } = wording;
  const asked = conversation.blocks.at(-1)?.messages.join('\n') ?? '';
  const files = conversation.hasAttachment ? ['I cannot open files sent in the chat yet.'] : [];
  if (steps.length === 0 && others.length === 0) {
    return files.length > 0 && asked.trim() === ''
      ? files.join('')
      : [...files, smallTalk(asked, tools, prompt.person)].join('\n');
  }
  const said = [
    ...steps.flatMap((step) => wordDone(step, wording)),
    ...others.map((call) => wordCall(call, undefined, { ...wording, asked })),
  ].filter((text) => text !== '');
  const unable = steps.some(({ kind }) => kind === 'unable') ? [`That I cannot do here.\n${capabilities(tools)}`] : [];
  const questions = steps.flatMap((step) => (step.kind === 'ask' ? wordQuestion(step, prompt) : []));
  const wrote = said.includes(neutral) ? [neutral] : [];
  const parts = new Set([...files, ...said.filter((text) => text !== neutral), ...unable, ...questions, ...wrote]);
  // Nothing to say is what is left where the tools may not be used.
  return parts.size === 0 ? capabilities(tools) : [...parts].join('\n\n');
}

function wordDone(step: Step, wording: PlanWording): string[] {
  if (step.kind !== 'done') return [];
  return [wordCall(step.call, step.request.intent, { ...wording, asked: step.request.parts.join('\n') })];
}

function wordCall(call: MadeCall, intent: Intent | undefined, { prompt, asked }: PlanWording & { asked: string }): string {
  const { value, error, isUnknown } = readResult(call.output);
  if (isUnknown) return neutral;
  if (error !== undefined) return `That did not work: ${error.replace(/^error:?\s*/i, '').replace(/[.\s]+$/, '')}.`;
  if ((intent?.effect ?? effectOf(call.name)) === 'write' || effectOf(call.name) === 'write') return neutral;
  const context: WordingContext = { now: prompt.now, arguments: call.arguments, question: asked };
  const eventful = /event|meeting|calendar|agenda/i.test(call.name) ? wordEvents(value, context) : undefined;
  return intent?.word?.(value, context) ?? eventful ?? wordByShape(value, prompt.now);
}

function wordQuestion({ request, missing, among }: Extract<Step, { kind: 'ask' }>, { now }: Prompt): string {
  const question = questionFor(request, missing);
  if (!among) return question;
  if (among.length === 0) return 'I found nothing like that on your calendar.';
  const events = among.flatMap((item) => readEvent(item, now) ?? []);
  return `${question}\n${events.length === among.length ? lines(events).join('\n') : wordByShape(among, now)}`;
}
