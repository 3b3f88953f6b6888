import type { Requirement } from '../requirements.ts';

export const pageRequirements = {
  'page:chat': { planned: 'On the chat page one picks a person, writes, and reads the answer.' },
  'page:trace': {
    planned:
      'Beside a message stands what happened: webhook, bell, nodes, model calls, tool calls, vendor calls and sends, with times.',
  },
  'page:links': { planned: 'Links in a message open; the sign-in code comes back with one tap.' },
  'page:keyboard': { planned: 'The page is usable by keyboard and on a narrow screen.' },
} as const satisfies Record<string, Requirement>;
