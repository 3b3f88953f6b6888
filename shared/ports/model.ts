import type { z } from 'zod';

/** One item of what a model is shown, in order. */
export type ModelItem =
  | { readonly kind: 'user'; readonly text: string }
  | { readonly kind: 'assistant'; readonly text: string }
  | { readonly kind: 'call'; readonly callId: string; readonly name: string; readonly arguments: string }
  | { readonly kind: 'result'; readonly callId: string; readonly output: string };

/** A tool as the model is told of it. `parameters` is a JSON schema. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  readonly instructions: string;
  readonly items: readonly ModelItem[];
  readonly tools: readonly ModelTool[];
  /** Tokens of the answer at most. */
  readonly maxOutputTokens: number;
}

export interface ModelAnswer {
  readonly text: string;
  /** In the order given. `arguments` is what the model wrote: JSON by intent, unchecked. */
  readonly calls: readonly { readonly callId: string; readonly name: string; readonly arguments: string }[];
  readonly model: string;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
}

/** A language model. The adapter limits the time, repeats what may pass, and falls back on the second model. */
export interface Model {
  /**
   * @throws {AppError} `rate-limited`, `timeout` or `upstream` when both models failed and a retry may help;
   *   `invalid-input` when the request is refused (too long, filtered).
   */
  answer(request: ModelRequest, signal?: AbortSignal): Promise<ModelAnswer>;
  /** An answer in the shape of `schema`. Errors as `answer`, and `upstream` when it does not fit the schema. */
  structured<T>(
    request: { instructions: string; text: string; name: string; schema: z.ZodType<T> },
    signal?: AbortSignal,
  ): Promise<T>;
}
