import type { Intent } from '../intent.ts';

export const createTicket: Intent = {
  name: 'create ticket',
  effect: 'write',
  tools: [/(?:create|open|add|append|new)_?tickets?\b|tickets?_?(?:create|open|add)/i],
  triggers: [/\b(?:open|create|raise|log|file|add|new|report)\b.*\b(?:ticket|issue|incident)\b/i],
  offer: 'open a helpdesk ticket ("open a ticket: the printer is jammed")',
  defaults: { subjectRequired: true },
  questions: { subject: 'What is the ticket about?' },
};

export const updateTicket: Intent = {
  name: 'update ticket',
  effect: 'write',
  tools: [/(?:update|close|resolve|assign|change)_?tickets?\b|tickets?_?(?:update|close|assign)/i],
  triggers: [/\b(?:close|resolve|update|assign|set|mark|reopen|change)\b.*\bticket\b/i],
  offer: 'update a ticket ("close ticket #42")',
  questions: { id: 'Which ticket do you mean? Its number is enough.' },
};

export const listTickets: Intent = {
  name: 'list tickets',
  effect: 'read',
  tools: [
    /(?:list|find|search|query|get)_?tickets?\b|tickets?_?(?:list|search|query)/i,
    /(?:query|ask|answer)_?(?:sheets?|workbooks?|tables?)\b/i,
  ],
  triggers: [/\b(?:how many|which|what|show|list|find|my|open|overdue)\b.*\btickets?\b/i],
  offer: 'answer questions about tickets ("which tickets are open?")',
};
