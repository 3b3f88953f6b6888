import type { Missing } from './fill.ts';
import type { Intent } from './intent.ts';
import type { SlotKind } from './slots.ts';

const usual: Partial<Record<SlotKind, string>> = {
  range: 'For which day or days?',
  end: 'Until when?',
  duration: 'How long should it be?',
  attendees: 'Who should be invited? I need their e-mail addresses.',
  attendee: 'Who is it for? I need the e-mail address.',
  subject: 'What should it be called?',
  query: 'What should I look for?',
  location: 'Where should it be?',
  body: 'What should it say?',
  id: 'Which one do you mean?',
};

/** How the rules ask for what is missing. The same words tell later what an answer was an answer to. */
export function questionFor({ intent }: { readonly intent: Intent }, missing: Missing): string {
  const { slot, detail, property } = missing;
  const own = intent.questions?.[slot];
  if (slot === 'attendees' || slot === 'attendee')
    return detail === undefined ? (usual[slot] ?? '') : `What is ${possessive(detail)} e-mail address?`;
  if (own !== undefined) return own;
  if (detail === 'day') return 'On which day should it be?';
  if (detail === 'time' || slot === 'time') return 'At what time should I book it?';
  if (detail === 'when') return 'When should it be?';
  if (detail === 'length') return 'How long should it be?';
  if (slot === 'start' || slot === 'date') return 'When should it be?';
  return usual[slot] ?? `What should the ${words(property)} be?`;
}

function possessive(name: string): string {
  return name.endsWith('s') ? `${name}'` : `${name}'s`;
}

function words(property: string): string {
  return property
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
}
