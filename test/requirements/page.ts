import type { Requirement } from '../requirements.ts';

export const pageRequirements = {
  'page:chat': 'On the chat page one picks a person, writes, and reads the answer.',
  'page:trace':
    'Beside a message stands what happened: webhook, bell, nodes, model calls, tool calls, vendor calls and sends, with times.',
  'page:story': 'What happened for a message is told from spans and the journal alone, joined by traceparent.',
  'page:links': 'Links in a message open; the sign-in code comes back with one tap.',
  'page:keyboard': 'The page is usable by keyboard and on a narrow screen.',
  'page:data': 'What messages and documents say is shown as text and never becomes markup, code or a request elsewhere.',
  'page:files': 'The page is served with its files alone, nothing from elsewhere, and its modules pass the type check.',
} as const satisfies Record<string, Requirement>;
