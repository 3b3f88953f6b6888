import { z } from 'zod';
import { onOneLine } from '../../core/text.ts';
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
      subject: z.string().overwrite(onOneLine).min(1).max(255),
      start: z.string().describe("ISO 8601 local date and time in the person's time zone: 2026-12-01T15:00"),
      end: z.string().describe('ISO 8601 local date and time, after the start'),
      attendees: z.array(z.email()).max(20).describe('E-mail addresses as the person gave them; empty for none'),
    }),
    output: EventShape.extend({ timeZone: z.string() }),
    fromPerson: ({ attendees }) => attendees,
    proposal: ({ subject, start, end, attendees }, { caller: { timeZone } }) => {
      const [from, to] = [start, end].map((time) => parseLocal(time, timeZone).toISO());
      const when = describeWhen({ start: from ?? start, end: to ?? end, isAllDay: false }, timeZone);
      return `Book ${describe({ subject, when, attendees })}`;
    },
    receipt: ({ timeZone, ...event }) => `✓ Booked: ${describe({ ...event, when: describeWhen(event, timeZone) })}`,
    run: async (input, { caller, now, operation, signal }) => ({
      ...toEventShape(await createEvent(ports, { ...input, caller, now }, { operation, signal })),
      timeZone: caller.timeZone,
    }),
  });

/** The subject comes last: whatever its author makes it look like, when it is and who is invited were read before. */
function describe({ subject, when, attendees }: { subject: string; when: string; attendees: readonly string[] }): string {
  const who = attendees.length === 0 ? '' : `, inviting ${attendees.join(', ')}`;
  return `${when}${who}: “${subject}”`;
}
