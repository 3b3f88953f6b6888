import { z } from 'zod';
import { countTokens } from './ids.ts';
import type { Models } from './models.ts';
import { embed } from './vectors.ts';
import { ApiError, invalidRequest } from './wire/errors.ts';
import { parseAs } from './wire/parse.ts';

const Body = z.strictObject({
  model: z.string(),
  input: z.unknown().optional(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().min(1).nullish(),
  user: z.string().nullish(),
});
const maxInputs = 2_048;
const maxTokensAnInput = 8_192;
const maxTokensARequest = 300_000;

/** Answers `POST /v1/embeddings`. */
export function createEmbeddings(raw: unknown, models: Models): unknown {
  const body = parseAs(Body, raw);
  const model = models.requireEmbedding(body.model);
  const dimensions = body.dimensions ?? model.dimensions;
  if (dimensions !== model.dimensions && !model.shortens) {
    throw invalidRequest('This model does not support specifying dimensions.', null, null);
  }
  if (dimensions > model.dimensions) {
    throw invalidRequest(
      `Invalid value for 'dimensions' = ${dimensions}. Must be less than or equal to ${model.dimensions}.`,
      null,
      null,
    );
  }
  const inputs = readInputs(body.input);
  const tokens = countAll(inputs);
  const encode = body.encoding_format === 'base64' ? base64 : (vector: Float32Array) => [...vector];
  return {
    object: 'list',
    data: inputs.map(({ text }, index) => ({ object: 'embedding', index, embedding: encode(embed(text, dimensions)) })),
    model: body.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

interface Input {
  readonly text: string;
  readonly tokens: number;
}

function readInputs(input: unknown): Input[] {
  if (input === undefined || input === null) {
    throw invalidRequest("Missing required parameter: 'input'.", 'input', 'missing_required_parameter');
  }
  if (typeof input === 'string') return [readText(input)];
  if (!Array.isArray(input) || input.length === 0 || input.length > maxInputs) throw invalidInput();
  const tokens = z.array(z.int()).safeParse(input);
  if (tokens.success) return [readTokens(tokens.data)];
  return input.map((each: unknown) => {
    if (typeof each === 'string') return readText(each);
    const ofTokens = z.array(z.int()).min(1).safeParse(each);
    if (!ofTokens.success) throw invalidInput();
    return readTokens(ofTokens.data);
  });
}

function readText(text: string): Input {
  if (text === '') throw invalidInput();
  return { text, tokens: countTokens(text) };
}

/** The sandbox has no tokenizer: each token is a word of its own. */
function readTokens(tokens: readonly number[]): Input {
  return { text: tokens.map((token) => `token${token}`).join(' '), tokens: tokens.length };
}

function invalidInput(): ApiError {
  return invalidRequest(
    "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.",
    null,
    null,
  );
}

function countAll(inputs: readonly Input[]): number {
  const long = inputs.find(({ tokens }) => tokens > maxTokensAnInput);
  if (long) {
    throw invalidRequest(
      `This model's maximum context length is ${maxTokensAnInput} tokens, however you requested ${long.tokens} tokens ` +
        `(${long.tokens} in your prompt; 0 for the completion). Please reduce your prompt; or completion length.`,
      null,
      null,
    );
  }
  const total = inputs.reduce((sum, { tokens }) => sum + tokens, 0);
  if (total > maxTokensARequest) {
    throw new ApiError(400, {
      message: `Requested ${total} tokens, max ${maxTokensARequest} tokens per request`,
      type: 'max_tokens_per_request',
      param: null,
      code: 'max_tokens_per_request',
    });
  }
  return total;
}

function base64(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}
