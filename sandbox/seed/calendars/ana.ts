import { ana, ben, chloe, dmitri } from './addresses.ts';
import { isFirst, isWorkday, pick, type Day } from './day.ts';
import { allDay, event, type SeedEvent } from './event.ts';
import type { Series } from './series.ts';

export function dayOfAna(day: Day): SeedEvent[] {
  if (!isWorkday(day)) {
    return [
      event(day, ['09:00', '10:00'], { organizer: ana, subject: 'Run by the river', sensitivity: 'personal' }),
      event(day, ['13:00', '14:30'], { organizer: ana, subject: 'Lunch with the family', sensitivity: 'personal' }),
    ];
  }
  const partner = day.number % 2 === 0 ? ben : dmitri;
  const withChloe = day.number % 3 === 0;
  const afternoon = isFirst(day, 4)
    ? { subject: 'Dentist', sensitivity: 'private' as const, location: 'Rua Augusta 12' }
    : { subject: pick(day, ['Contract reading', 'Quarterly figures', 'Policy drafts', 'Board papers']) };
  return [
    event(day, ['10:00', '11:00'], {
      organizer: ana,
      subject: pick(day, ['Budget review', 'Hiring plan', 'Supplier call', 'Roadmap check', 'Risk review']),
      attendees: [{ email: partner, response: 'accepted' }],
      body: 'Please read the notes beforehand.',
      isOnlineMeeting: true,
    }),
    event(day, ['14:00', '14:45'], { organizer: ana, ...afternoon }),
    event(day, ['16:30', '17:00'], {
      organizer: ana,
      subject: withChloe ? 'Client update New York' : 'Inbox and planning',
      attendees: withChloe ? [{ email: chloe, response: pick(day, ['none', 'tentativelyAccepted']) }] : [],
    }),
    ...(day.weekday === 5 && day.offset > 7 && day.offset <= 14
      ? [allDay(day, { organizer: ana, subject: 'Release day', showAs: 'free' })]
      : []),
  ];
}

export const weeklyPlanning: Series = (day) =>
  event(day, ['12:00', '12:45'], {
    organizer: ana,
    subject: 'Weekly planning',
    attendees: [
      { email: ben, response: 'accepted' },
      { email: dmitri, response: 'accepted' },
    ],
    location: 'Atrium',
  });
