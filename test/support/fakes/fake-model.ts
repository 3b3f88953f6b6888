import { AppError } from '../../../shared/core/errors.ts';
import type { Model, ModelAnswer, ModelRequest } from '../../../shared/ports/model.ts';

/** What the model answers: in words, with calls, with an error, or as the request asks for. */
export type ScriptedAnswer = Partial<ModelAnswer> | Error | ((request: ModelRequest, signal?: AbortSignal) => AnswerOrError);
type AnswerOrError = Partial<ModelAnswer> | Error | Promise<Partial<ModelAnswer>>;

export interface FakeModel extends Model {
  /** What it was asked, oldest first; structured answers are not among them. */
  readonly requests: ModelRequest[];
  /** The next answers, one each. */
  next(...answers: readonly ScriptedAnswer[]): void;
  /** The answer whenever nothing else is scripted. */
  always(answer: ScriptedAnswer): void;
}

/** A model that says what it is told to. */
export function createFakeModel(): FakeModel {
  const requests: ModelRequest[] = [];
  const scripted: ScriptedAnswer[] = [];
  let otherwise: ScriptedAnswer = { text: 'All right.' };
  return {
    requests,
    next: (...answers) => void scripted.push(...answers),
    always(answer) {
      otherwise = answer;
    },
    async answer(request, signal) {
      requests.push(structuredClone(request));
      const answer = scripted.shift() ?? otherwise;
      const given = typeof answer === 'function' ? await answer(request, signal) : answer;
      if (given instanceof Error) throw given;
      return { text: '', calls: [], model: 'scripted', usage: { inputTokens: 0, outputTokens: 0 }, ...given };
    },
    structured({ schema }) {
      const answer = scripted.shift() ?? otherwise;
      if (answer instanceof Error) return Promise.reject(answer);
      if (typeof answer === 'function' || answer.text?.startsWith('{') !== true)
        throw new Error('No structured answer is scripted');
      const parsed = schema.safeParse(JSON.parse(answer.text));
      return parsed.success ? Promise.resolve(parsed.data) : Promise.reject(new AppError('upstream', 'another shape'));
    },
  };
}

/** An answer that asks for calls: name and arguments, as text where they are meant to be malformed. */
export function asksFor(...calls: readonly (readonly [name: string, input: unknown, callId?: string])[]): Partial<ModelAnswer> {
  return {
    calls: calls.map(([name, input, callId], index) => ({
      callId: callId ?? `call_${index}`,
      name,
      arguments: typeof input === 'string' ? input : JSON.stringify(input),
    })),
  };
}

/** The words of a request, one line an item: `user: …`, `call: name`, `result: …`. */
export function linesOf({ items }: ModelRequest): string[] {
  return items.map((item) => {
    if (item.kind === 'call') return `call: ${item.name}`;
    return `${item.kind}: ${item.kind === 'result' ? item.output : item.text}`;
  });
}
