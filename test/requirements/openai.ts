import type { Requirement } from '../requirements.ts';

export const openaiRequirements = {
  'openai:responses': 'The unmodified openai SDK creates responses, with tool calls, structured output and streaming.',
  'openai:embeddings': 'Embeddings come as base64 as the SDK asks, deterministic and of unit length.',
  'openai:rules-tools': 'The rules pick among the tools they are given from plain-English requests, and only those.',
  'openai:rules-dates': 'Dates are resolved in the zone stated in the prompt: tomorrow, next Tuesday 3pm, in two hours.',
  'openai:rules-ask': 'When something is missing, the rules ask back, and the answer completes the request.',
  'openai:rules-several': 'Several requests of one turn are taken together.',
  'openai:rules-answer': 'Answers are worded from tool results.',
  'openai:script': 'Replies can be scripted, once each; calls that match none go to the rules.',
  'openai:errors': 'Errors and rate limits have the shape of the vendor.',
  'openai:contract': 'Its answers satisfy the OpenAI document.',
} as const satisfies Record<string, Requirement>;
