import type { Requirement } from '../requirements.ts';

export const openaiRequirements = {
  'openai:responses': {
    planned: 'The unmodified openai SDK creates responses, with tool calls, structured output and streaming.',
  },
  'openai:embeddings': { planned: 'Embeddings come as base64 as the SDK asks, deterministic and of unit length.' },
  'openai:rules-tools': { planned: 'The rules pick among the tools they are given from plain-English requests, and only those.' },
  'openai:rules-dates': {
    planned: 'Dates are resolved in the zone stated in the prompt: tomorrow, next Tuesday 3pm, in two hours.',
  },
  'openai:rules-ask': { planned: 'When something is missing, the rules ask back.' },
  'openai:rules-several': { planned: 'Several requests of one turn are taken together.' },
  'openai:rules-answer': { planned: 'Answers are worded from tool results.' },
  'openai:script': { planned: 'Replies can be scripted, once each; calls that match none go to the rules.' },
  'openai:errors': { planned: 'Errors and rate limits have the shape of the vendor.' },
  'openai:contract': { planned: 'Its answers satisfy the OpenAI document.' },
} as const satisfies Record<string, Requirement>;
