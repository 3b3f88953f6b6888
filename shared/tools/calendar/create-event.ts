import { z } from 'zod';
import { createEvent, describeWhen, parseLocal } from '../../domain/calendar/index.ts';
import type { Ports } from '../../ports/index.ts';
import { defineTool } from '../define-tool.ts';
import { EventShape, toEventShape } from './event-shape.ts';

export const createEventTool = (ports: Pick<Ports, 'calendar' | 'directory'>) =>
  defineTool({
    name: 'calendar_create_event',
    description:
      "Books an event in the person's calendar and invites the attendees. Call it once the subject and the start are known; without an end, half an hour is meant. Never guess an e-mail address.",
    example: 'Book a review tomorrow at 3pm',
    role: 'user',
    effect: 'write',
    destructive: false,
    input: z.object({
      subject: z.string().trim().min(1).max(255),
      start: z.string().describe("ISO 8601 local date and time in the person's time zone: 2026-12-01T15:00"),
      end: z.string().describe('ISO 8601 local date and time, after the start'),
      attendees: z.array(z.email()).max(20).describe('E-mail addresses as the person gave them; empty for none'),
    }),
    output: EventShape.extend({ timeZone: z.string() }),
    fromPerson: ({ attendees }) => attendees,
    proposal: ({ subject, start, end, attendees }, { caller: { timeZone } }) => {
      const [from, to] = [start, end].map((time) => parseLocal(time, timeZone).toISO());
      const who = attendees.length === 0 ? '' : `, inviting ${attendees.join(', ')}`;
      return `Book “${subject}”, ${describeWhen({ start: from ?? start, end: to ?? end, isAllDay: false }, timeZone)}${who}`;
    },
    receipt: (event) => {
      const who = event.attendees.length === 0 ? '' : `, invited: ${event.attendees.join(', ')}`;
      return `✓ Booked: “${event.subject}”, ${describeWhen(event, event.timeZone)}${who}`;
    },
    run: async (input, { caller, now, operation, signal }) => ({
      ...toEventShape(await createEvent(ports, { ...input, caller, now }, { operation, signal })),
      timeZone: caller.timeZone,
    }),
  });
