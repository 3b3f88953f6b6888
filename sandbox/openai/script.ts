import { z } from 'zod';
import { newCallId, newId } from './ids.ts';
import { messageItem, type OutputItem, type WireResponse } from './wire/response.ts';
import type { ResponseBody } from './wire/request.ts';

/** One reply told in advance: a response in the wire's shape, whole or in part, or an error. */
export const ScriptedReply = z.strictObject({
  match: z.strictObject({ contains: z.string().optional(), model: z.string().optional() }).optional(),
  response: z.looseObject({}),
  delayMs: z.int().min(0).optional(),
});
export type ScriptedReply = z.input<typeof ScriptedReply>;

const Failure = z.looseObject({ status: z.int().min(400).max(599), error: z.looseObject({}).optional() });

/** Answers in place of the rules: a reply as a script tells it, or undefined to leave it to them. */
export type Voice = (request: ResponseBody) => ScriptedReply | undefined;

export interface Script {
  add(replies: readonly ScriptedReply[]): void;
  /** The oldest reply that fits the request, which is used up by it. */
  take(body: ResponseBody): ScriptedReply | undefined;
  /** Who is asked where no reply fits. */
  speakWith(voice: Voice | undefined): void;
}

export function createScript(): Script {
  const pending: ScriptedReply[] = [];
  let speaker: Voice | undefined;
  return {
    add: (replies) => void pending.push(...z.array(ScriptedReply).parse(replies)),
    take(body) {
      const index = pending.findIndex((reply) => fits(reply, body));
      return index < 0 ? speaker?.(body) : pending.splice(index, 1)[0];
    },
    speakWith: (voice) => void (speaker = voice),
  };
}

function fits({ match }: ScriptedReply, { model, input, instructions }: ResponseBody): boolean {
  if (match?.model !== undefined && match.model !== model) return false;
  if (match?.contains === undefined) return true;
  // Within JSON a quotation or a line end is escaped; one written plainly is to be found too.
  const shown = JSON.stringify({ input, instructions });
  return shown.includes(match.contains) || shown.includes(JSON.stringify(match.contains).slice(1, -1));
}

export function scriptedFailure({ response }: ScriptedReply): { status: number; body: unknown } | undefined {
  const failure = Failure.safeParse(response);
  if (!failure.success) return undefined;
  const { status, error } = failure.data;
  const usual = {
    message: `scripted ${status}`,
    type: status >= 500 ? 'server_error' : 'invalid_request_error',
    param: null,
    code: null,
  };
  return { status, body: { error: { ...usual, ...error } } };
}

/** A scripted response with what was left out filled in from the response that the request opened. */
export function scriptedResponse({ response }: ScriptedReply, closed: (output: OutputItem[]) => WireResponse): WireResponse {
  const told = response as Record<string, unknown>;
  const items = Array.isArray(told.output) ? told.output : [];
  const text = typeof told.output_text === 'string' && items.length === 0 ? [messageItem(told.output_text)] : [];
  const output = [...text, ...items.map((item) => wholeItem(item as Record<string, unknown>))];
  // `output_text` is the SDK's own; it is not on the wire.
  const said = Object.fromEntries(Object.entries(told).filter(([name]) => name !== 'output_text'));
  return { ...closed(output), ...said, output };
}

function wholeItem(item: Record<string, unknown>): OutputItem {
  if (item.type === 'function_call') {
    const given = item.arguments ?? {};
    const written = typeof given === 'string' ? given : JSON.stringify(given);
    return { id: newId('fc'), status: 'completed', call_id: newCallId(), ...item, type: 'function_call', arguments: written };
  }
  if (typeof item.type === 'string' && item.type !== 'message') return { id: newId('rs'), ...item, type: item.type };
  const parts = typeof item.content === 'string' ? [{ type: 'output_text', text: item.content }] : item.content;
  const content = (Array.isArray(parts) ? parts : []).map((part: Record<string, unknown>) =>
    part.type === 'refusal' ? part : { type: 'output_text', annotations: [], logprobs: [], ...part },
  );
  return { id: newId('msg'), status: 'completed', role: 'assistant', ...item, type: 'message', content };
}
