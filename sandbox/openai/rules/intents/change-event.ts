import type { Intent } from '../intent.ts';

const events = /(?:list|get|find|search)_?(?:events?|meetings?)\b/i;

export const cancelEvent: Intent = {
  name: 'cancel event',
  effect: 'write',
  tools: [/(?:cancel|delete|remove)_?(?:events?|meetings?|appointments?)\b/i],
  triggers: [
    /\b(?:cancel|delete|remove|call off|drop)\b.*\b(?:meeting|event|appointment|call|lunch|sync|review|stand-?up|\d{1,2}(?::\d\d)?\s*(?:am|pm)?|it)\b/i,
    /^(?:please )?cancel (?:my|the)\b/i,
  ],
  offer: 'cancel a meeting ("cancel my 3pm tomorrow")',
  questions: { id: 'Which meeting should I cancel?' },
  lookUp: events,
};

export const moveEvent: Intent = {
  name: 'move event',
  effect: 'write',
  tools: [/(?:move|reschedule|update|change)_?(?:events?|meetings?|appointments?)\b/i],
  triggers: [/\b(?:move|reschedule|postpone|shift|push|bring forward)\b/i, /\bchange\b.*\b(?:meeting|event|call|time)\b/i],
  offer: 'move a meeting ("move my 3pm tomorrow to 4pm")',
  questions: { id: 'Which meeting should I move?', start: 'To what time should I move it?' },
  lookUp: events,
  target: /\s(?:to|until|till)\s(?=[^]*$)/i,
};
