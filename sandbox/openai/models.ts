import { unknownModel, invalidRequest, ApiError } from './wire/errors.ts';

export interface EmbeddingModel {
  readonly dimensions: number;
  /** Whether fewer dimensions may be asked for. */
  readonly shortens: boolean;
}

export const embeddingModels: Readonly<Record<string, EmbeddingModel>> = {
  'text-embedding-3-small': { dimensions: 1536, shortens: true },
  'text-embedding-3-large': { dimensions: 3072, shortens: true },
  'text-embedding-ada-002': { dimensions: 1536, shortens: false },
};

export const rulesDescription =
  'Rules, not a language model: reads the tools it is given and understands common requests in plain English.';
const builtIn = ['adjutant-rules-1', 'adjutant-rules-mini'];
// 21 November 2025, 00:00 UTC: when the rules were first written down; the vendor states such a moment for each model.
const createdAt = 1_763_683_200;

export interface Models {
  list(): Record<string, unknown>[];
  /** @throws {ApiError} 404 for a model that there is not. */
  find(id: string): Record<string, unknown>;
  /** @throws {ApiError} for a model that gives no responses. */
  requireRules(id: string): void;
  requireEmbedding(id: string): EmbeddingModel;
}

export function createModels(asked: readonly string[] = []): Models {
  const rules = new Set([...builtIn, ...asked.filter((id) => !Object.hasOwn(embeddingModels, id))]);
  const describe = (id: string) => ({
    id,
    object: 'model',
    created: createdAt,
    owned_by: 'sandbox',
    ...(rules.has(id) ? { description: rulesDescription } : {}),
  });
  const known = (id: string) => rules.has(id) || Object.hasOwn(embeddingModels, id);
  return {
    list: () => [...rules, ...Object.keys(embeddingModels)].map(describe),
    find(id) {
      if (!known(id)) throw unknownModel(id);
      return describe(id);
    },
    requireRules(id) {
      if (!known(id)) throw unknownModel(id);
      if (!rules.has(id))
        throw invalidRequest(`The model '${id}' cannot be used with the Responses API.`, 'model', 'unsupported_model');
    },
    requireEmbedding(id) {
      const model = embeddingModels[id];
      if (model) return model;
      if (!known(id)) throw unknownModel(id);
      throw new ApiError(403, {
        message: 'You are not allowed to generate embeddings from this model',
        type: 'invalid_request_error',
        param: null,
        code: null,
      });
    },
  };
}
