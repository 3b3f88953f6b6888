import type { Intent } from '../intent.ts';
import { wordEvents } from '../wording/events.ts';

export const listEvents: Intent = {
  name: 'list events',
  effect: 'read',
  tools: [
    /(?:list|get|read|find|search)_?(?:events?|meetings?|calendar|agenda)\b|(?:calendar|events?|meetings?)_?(?:list|read|view|agenda)/i,
  ],
  triggers: [
    /\b(?:what(?:'s| is| do i have| have i got)?|anything|do i have|have i|show|list|read|tell me|give me|check|see)\b.*\b(?:calendar|agenda|diary|schedule|meetings?|events?|appointments?|planned|scheduled|coming up)\b/i,
    /\bwhat(?:'s| is| do i have| have i got)\b.*\b(?:on|happening|up|for|next)\b.*\b(?:today|tomorrow|tonight|week|weekend|month|morning|afternoon|evening|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/i,
    /\bwhat (?:do i have|have i got|i have|i've got)\b|\bwhat(?:'s| is) (?:on|next|coming up)\b|\bhow (?:does|is) my (?:day|week|calendar)\b/i,
    /\b(?:do i have|have i got) (?:any|an?|something|anything)\b|\bmy (?:next )?(?:meetings?|agenda|calendar|schedule|appointments?|day|week)\b/i,
    /\bwhen(?:'s| is) my\b|\bam i (?:free|busy|available)\b/i,
    /^(?:agenda|calendar|meetings?|schedule)\b/i,
  ],
  offer: 'tell you what is on your calendar ("what is on tomorrow?")',
  defaults: { range: 'today' },
  word: (result, context) => wordEvents(result, context),
};
