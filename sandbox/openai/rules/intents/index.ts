import type { Intent } from '../intent.ts';
import { cancelEvent, moveEvent } from './change-event.ts';
import { createEvent } from './create-event.ts';
import { findFreeSlots } from './find-free-slots.ts';
import { indexDocuments, searchKnowledge } from './knowledge.ts';
import { listEvents } from './list-events.ts';
import { listFailures, pause, replayFailure, resume } from './operations.ts';
import { help, whoAmI } from './people.ts';
import { createReminder, listReminders } from './reminders.ts';
import { appendRow, querySheet } from './sheets.ts';
import { createTicket, listTickets, updateTicket } from './tickets.ts';

/** In the order in which they are tried: what is said more exactly comes first. */
export const intents: readonly Intent[] = [
  help,
  whoAmI,
  replayFailure,
  listFailures,
  pause,
  resume,
  createReminder,
  listReminders,
  createTicket,
  updateTicket,
  listTickets,
  cancelEvent,
  moveEvent,
  findFreeSlots,
  createEvent,
  listEvents,
  indexDocuments,
  appendRow,
  querySheet,
  searchKnowledge,
];
