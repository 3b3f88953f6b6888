import { z } from 'zod';
import { listEvents } from '../../domain/calendar/index.ts';
import type { Ports } from '../../ports/index.ts';
import { defineTool } from '../define-tool.ts';
import { EventShape, toEventShape } from './event-shape.ts';

export const listEventsTool = (ports: Pick<Ports, 'calendar'>) =>
  defineTool({
    name: 'calendar_list_events',
    description:
      "Lists the events of the person's own calendar in a range. Times without an offset, and dates, are in the person's time zone; a date as the end includes that day.",
    example: 'What is on my calendar tomorrow?',
    role: 'user',
    effect: 'read',
    input: z.object({
      start: z.string().describe('ISO 8601 date or local date and time: 2026-12-01 or 2026-12-01T09:00'),
      end: z.string().describe('ISO 8601 date (that day included) or local date and time'),
    }),
    output: z.object({
      timeZone: z.string(),
      start: z.string(),
      end: z.string(),
      events: z.array(EventShape),
      more: z.boolean(),
    }),
    run: async (range, { caller, signal }) => {
      const listed = await listEvents(ports, { caller, range }, signal);
      return { ...listed, events: listed.events.map(toEventShape) };
    },
  });
