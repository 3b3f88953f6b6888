import type { Requirement } from '../requirements.ts';

export const toolRequirements = {
  'tools:role': {
    planned: 'Tools are discovered and called over MCP and filtered by the role of the caller; a call outside it is refused.',
  },
  'tools:list-events': {
    planned: "calendar_list_events lists ranges in the person's zone, all pages, private events respected.",
  },
  'tools:create-event': { planned: 'calendar_create_event books subject, start, end and attendees once, by transactionId.' },
  'tools:create-event-invalid': {
    planned: 'Times in the past, ends before starts and unknown attendees are refused with what to do.',
  },
  'tools:whoami': { planned: 'people_whoami tells who is linked and with what role.' },
  'tools:help': { planned: 'help tells what the caller can ask for.' },
} as const satisfies Record<string, Requirement>;
