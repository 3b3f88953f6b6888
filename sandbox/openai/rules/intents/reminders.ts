import type { Intent } from '../intent.ts';

export const createReminder: Intent = {
  name: 'create reminder',
  effect: 'write',
  tools: [/(?:create|set|add)_?reminders?\b|reminders?_?(?:create|set|add)|^remind/i],
  triggers: [/\bremind me\b/i, /\b(?:set|create|add|make)\b.*\breminder\b/i],
  offer: 'remind you of something ("remind me in two hours to call Ben")',
  defaults: { subjectRequired: true },
  questions: {
    start: 'When should I remind you?',
    subject: 'What should I remind you of?',
    query: 'What should I remind you of?',
  },
};

export const listReminders: Intent = {
  name: 'list reminders',
  effect: 'read',
  tools: [/(?:list|get)_?reminders?\b|reminders?_?list/i],
  triggers: [/\b(?:what|which|show|list|my)\b.*\breminders\b/i],
  offer: 'list your reminders',
};
