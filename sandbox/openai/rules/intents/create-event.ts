import type { Intent } from '../intent.ts';

export const createEvent: Intent = {
  name: 'create event',
  effect: 'write',
  tools: [
    /(?:create|book|add|schedule|new)_?(?:events?|meetings?|appointments?)\b|(?:calendar|events?|meetings?)_?(?:create|book|add)/i,
  ],
  triggers: [
    /(?<!\b(?:my|the|your|our|this|on|a)\s)\b(?:book|schedule|set ?up|arrange|organi[sz]e|plan)\b(?!.*\b(?:report|ticket|document|sheet)s?\b)/i,
    /\b(?:create|make|add|put)\b.*\b(?:meeting|event|appointment|call|lunch|coffee|sync|calendar|diary)\b/i,
    /^(?:a )?new (?:meeting|event|appointment)\b/i,
    /\binvite\b.+\b(?:to|for)\b/i,
    /\b(?:i need|i want|i'd like|let's have|let's do)\b.*\b(?:meeting|appointment|call|lunch|coffee|sync)\b/i,
  ],
  offer: 'book a meeting ("book a review with ana@example.com tomorrow at 3pm for 45 minutes")',
  // Half an hour is what calendars offer where nobody says more.
  defaults: { durationMinutes: 30, subjectKind: 'Meeting' },
};
