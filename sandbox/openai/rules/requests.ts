import { genericIntent } from './generic.ts';
import type { Intent, RulesTool } from './intent.ts';
import { intents } from './intents/index.ts';
import type { Missing } from './fill.ts';
import type { Block } from './conversation.ts';
import { questionFor } from './ask.ts';
import { splitRequests } from './split.ts';

/** One thing that a person asked for, in one or more messages. */
export interface Request {
  readonly intent: Intent;
  /** The tool that can do it; undefined where none was given. */
  readonly tool: RulesTool | undefined;
  readonly parts: readonly string[];
  readonly answers: Readonly<Record<string, string>>;
  /** The block in which it was asked last: only the last block's are to be done. */
  readonly block: number;
}

/** What of a request was missing when a block was written; used to tell an unfinished request from a finished one. */
export type MissingOf = (request: Request, block: number) => readonly Missing[];

const givingUp = /^\W*(?:never ?mind|forget (?:it|that|about it)|no,? thanks?|stop|leave it|don't bother|cancel that)\W*$/i;

/**
 * The requests of the last block. A message that asks for nothing of its own completes the request before it, within
 * the block or, where the assistant had asked back, in the blocks before.
 */
export function readRequests(blocks: readonly Block[], tools: readonly RulesTool[], missingOf: MissingOf): Request[] {
  let requests: Request[] = [];
  blocks.forEach((block, index) => {
    // Only what the assistant asked for in its own words is still open: a stray `yes` must complete nothing.
    const open = requests.filter((request) =>
      missingOf(request, index).some((missing) => block.before.includes(questionFor(request, missing))),
    );
    requests = readBlock(block, { tools, open, missingOf, index });
  });
  return requests.filter(({ block }) => block === blocks.length - 1);
}

interface Reading {
  readonly tools: readonly RulesTool[];
  readonly open: readonly Request[];
  readonly missingOf: MissingOf;
  readonly index: number;
}

function readBlock(block: Block, { tools, open, missingOf, index }: Reading): Request[] {
  if (block.messages.some((message) => givingUp.test(message))) return [];
  const requests: Request[] = [...open];
  let current = open.length > 0 ? 0 : -1;
  for (const part of block.messages.flatMap(splitRequests)) {
    const intent = intentOf(part, tools);
    const open = requests[current];
    if (intent && !(open && answersQuestion(part, open, { block, missingOf, index }))) {
      requests.push({ intent, tool: toolFor(intent, tools), parts: [part], answers: {}, block: index });
      current = requests.length - 1;
    } else if (open) {
      requests[current] = completed(open, part, { block, missingOf, index });
    }
  }
  return requests;
}

type Completing = Pick<Reading, 'missingOf' | 'index'> & { readonly block: Block };

/** A part that names an intent may still be the answer that was asked for: `What is it about?` – `Planning the summer`. */
function answersQuestion(part: string, request: Request, { block, missingOf, index }: Completing): boolean {
  const [missing] = missingOf(request, index);
  return isText(missing) && block.before.includes(questionFor(request, missing)) && !/[?]\s*$/.test(part);
}

function completed(request: Request, part: string, { block, missingOf, index }: Completing): Request {
  const [missing] = missingOf(request, index);
  const isAnswer = isText(missing) && block.before.includes(questionFor(request, missing));
  const answers = isAnswer ? { ...request.answers, [missing.property]: part.replace(/[.\s]+$/, '') } : request.answers;
  // An answer that is the value itself says nothing of the other arguments.
  return { ...request, parts: isAnswer ? request.parts : [...request.parts, part], answers, block: index };
}

function isText(missing: Missing | undefined): missing is Missing {
  return missing !== undefined && ['subject', 'query', 'location', 'body', 'other'].includes(missing.slot);
}

function intentOf(part: string, tools: readonly RulesTool[]): Intent | undefined {
  const triggered = intents.filter(({ triggers }) => triggers.some((trigger) => trigger.test(part)));
  const [first] = triggered;
  if (!first || first.catchAll) return genericIntent(part, tools) ?? first;
  if (toolFor(first, tools)) return first;
  // Who asks to read may be answered by another way of reading; a write is never replaced by something else.
  const other =
    first.effect === 'read' ? triggered.find((intent) => intent.effect === 'read' && toolFor(intent, tools)) : undefined;
  return other ?? genericIntent(part, tools) ?? first;
}

function toolFor({ tools: patterns }: Intent, tools: readonly RulesTool[]): RulesTool | undefined {
  for (const pattern of patterns) {
    const found = tools.find(({ name }) => pattern.test(name));
    if (found) return found;
  }
  return undefined;
}
