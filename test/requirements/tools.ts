import type { Requirement } from '../requirements.ts';

export const toolRequirements = {
  'tools:role': 'Tools are discovered and called over MCP and filtered by the role of the caller; a call outside it is refused.',
  'tools:list-events': "calendar_list_events lists ranges in the person's zone, all pages, private events respected.",
  'tools:create-event': 'calendar_create_event books subject, start, end and attendees once, by transactionId.',
  'tools:create-event-invalid': 'Times in the past, ends before starts and unknown attendees are refused with what to do.',
  'tools:whoami': 'people_whoami tells who is linked and with what role.',
  'tools:help': 'help tells what the caller can ask for.',
} as const satisfies Record<string, Requirement>;
