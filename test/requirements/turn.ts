import type { Requirement } from '../requirements.ts';

export const turnRequirements = {
  'turn:graph': 'A turn runs security, context, reasoning and tools in turns, then communication; errors take the error path.',
  'turn:end-repeated': 'A turn that came to its end asks the model nothing more, however often its last batch fails.',
  'turn:memory': 'History is a window of 20 messages and a running summary.',
  'turn:memory-ends': 'What is remembered goes with the transcript, and is shown to nobody but the person who said it.',
  'turn:model-limits': 'The model is called with a time limit, retried, and replaced by the fallback model.',
  'turn:tool-rounds': 'Tool rounds, the size of tool results and the time of a turn are bounded.',
  'turn:parts': 'A reply is cut at paragraph or sentence ends, no part over 4,000 characters, sent in order with typing shown.',
  'turn:receipts': 'Writes are told by receipt lines of ours; a claim of a write that was not done is replaced.',
  'turn:untrusted': 'A link or address that comes only from data does not reach a reply or a write.',
  'turn:vendor-down':
    'With the model, Microsoft Graph or the database of a turn that goes on down the person hears it once in plain words, and what can be retried is retried.',
  'turn:unknown-tool':
    'A call of a tool that is not there, not allowed or with bad arguments is answered to the model as an error.',
} as const satisfies Record<string, Requirement>;
