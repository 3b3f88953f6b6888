import type { Intent } from '../intent.ts';
import { wordSlots } from '../wording/slots.ts';

export const findFreeSlots: Intent = {
  name: 'find free slots',
  effect: 'read',
  tools: [/free_?(?:slots?|times?|busy)|find_?(?:slots?|times?|meeting_?times?)|availability/i],
  triggers: [
    /\b(?:when|what times?|which times?)\b.*\b(?:free|available|availability|can (?:we|i|they) meet)\b/i,
    /\b(?:find|suggest|propose|look for|give me|show)\b.*\b(?:slots?|free times?|a times?|times? (?:for|to|when)|availability)\b/i,
    /\b(?:is|are)\b.+\b(?:free|available)\b/i,
  ],
  offer: 'find times when everybody is free ("when are Ana and I free on Friday?")',
  defaults: { range: 'week', durationMinutes: 30 },
  word: (result, context) => wordSlots(result, context),
};
