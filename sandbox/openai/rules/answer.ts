import type { ConversationItem } from '../wire/items.ts';
import { isObject, type JsonSchema } from '../wire/strict-schema.ts';
import { readConversation, type Conversation } from './conversation.ts';
import type { RulesTool } from './intent.ts';
import { minimalValue } from './minimal-value.ts';
import { makePlan, type Plan } from './plan.ts';
import { readPrompt, type Prompt } from './prompt.ts';
import { structuredAnswer } from './structured.ts';
import { summarise } from './summary.ts';
import { fillArguments } from './fill.ts';
import { contactsOf } from './known-contacts.ts';
import { readFacts } from './language/facts.ts';
import { wordPlan } from './word-plan.ts';

export interface RulesRequest {
  readonly instructions: string;
  readonly items: readonly ConversationItem[];
  readonly tools: readonly RulesTool[];
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly parallel: boolean;
  /** The schema that the answer must fit. */
  readonly schema: JsonSchema | undefined;
  /** The time where the instructions state none. */
  readonly nowMs: number;
}

export interface RulesCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface RulesAnswer {
  readonly text: string;
  readonly calls: readonly RulesCall[];
}

/** The built-in model: rules, not a language model. */
export function answerByRules(request: RulesRequest): RulesAnswer {
  const conversation = readConversation(request.items);
  const instructions = [request.instructions, conversation.instructions].join('\n');
  const prompt = readPrompt(instructions, request.nowMs);
  const plan = makePlan(conversation, prompt, request.tools);
  const calls = chosenCalls({ plan, conversation, prompt, request });
  if (calls.length > 0) return { text: '', calls };
  const texts = conversation.transcript.map(({ text }) => text);
  if (request.schema) return { text: JSON.stringify(structuredAnswer(request.schema, texts)), calls: [] };
  if (/summari[sz]e the conversation/i.test(instructions)) return { text: summarise(texts), calls: [] };
  return { text: wordPlan(plan, { conversation, prompt, tools: request.tools }), calls: [] };
}

interface Choosing {
  readonly plan: Plan;
  readonly conversation: Conversation;
  readonly prompt: Prompt;
  readonly request: RulesRequest;
}

/** The calls that the rules want and the request allows: one where calls are not to be parallel, one where they must. */
function chosenCalls({ plan, conversation, prompt, request }: Choosing): RulesCall[] {
  const { toolChoice, parallel, tools } = request;
  if (toolChoice === 'none') return [];
  const wanted = plan.steps.flatMap((step) =>
    step.kind === 'call' ? [{ name: step.tool.name, arguments: step.arguments }] : [],
  );
  const asked = typeof toolChoice === 'object' ? wanted.filter(({ name }) => name === toolChoice.name) : wanted;
  const mustCall = toolChoice !== 'auto' && asked.length === 0;
  const forced = mustCall ? forcedTool(toolChoice, tools) : undefined;
  const calls = forced ? [{ name: forced.name, arguments: forcedArguments(forced, conversation, prompt) }] : asked;
  return parallel ? calls : calls.slice(0, 1);
}

/** Where a call is demanded and none is wanted: the tool named, else the one that needs least. */
function forcedTool(choice: 'required' | { readonly name: string }, tools: readonly RulesTool[]): RulesTool | undefined {
  if (typeof choice === 'object') return tools.find(({ name }) => name === choice.name);
  const needs = ({ parameters }: RulesTool) => (Array.isArray(parameters.required) ? parameters.required.length : 0);
  return tools.toSorted((a, b) => needs(a) - needs(b))[0];
}

function forcedArguments({ parameters }: RulesTool, conversation: Conversation, prompt: Prompt): Record<string, unknown> {
  const { now } = prompt;
  const facts = readFacts(conversation.blocks.at(-1)?.messages ?? [], {}, now);
  const contacts = contactsOf(conversation, prompt);
  const defaults = { range: 'today', subjectKind: 'Meeting' } as const;
  const filled = fillArguments(parameters, { facts, now, contacts, defaults, ids: {} });
  if (filled.missing.length === 0) return filled.arguments;
  const least = minimalValue(parameters, parameters);
  return { ...(isObject(least) ? least : {}), ...filled.arguments };
}
