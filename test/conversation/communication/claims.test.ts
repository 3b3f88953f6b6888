import { expect } from 'vitest';
import { claimsUndoneWrite, recallsEarlierWrite } from '../../../shared/conversation/turn/communication/check-claims.ts';
import type { CallResult } from '../../../shared/ports/documents.ts';
import { busySince } from '../../support/busy-since.ts';
import { verifies } from '../../verifies.ts';

const result = (effect: CallResult['effect'], status: CallResult['status']): CallResult => ({
  callId: 'c1',
  name: 'calendar_tool',
  effect,
  status,
  output: '{}',
});
const read = [result('read', 'done')];

/** Wrong whether or not something was read in the turn. */
const claims = [
  'I have booked the review with Ben.',
  "I've booked it for 3pm.",
  'I’ve just sent the invitation to Ben.',
  'I have now gone ahead and scheduled the meeting.',
  "I've gone ahead and moved your 10 o'clock.",
  'I booked a room for you.',
  'We have cancelled the standup.',
  'I successfully created the event.',
  'I was able to book the room.',
  'I managed to reschedule it, but I have moved the other one.',
  'Sure! I’ve added it to your calendar.',
  "I've booked your review with Ben for 3pm – let me know if you'd like to change it.",
  'I have booked it, so you can relax.',
  "I've booked it, is that OK?",
  'Your calendar was free at 3, so I have booked the review.',
  'I looked and you were free, and I have invited Ben.',
  'I could not find Eva, but I have invited Ben.',
  'Booked!',
  'Booked.',
  'Done! Booked the room for tomorrow.',
  'Sent it.',
  'Done.',
  'All done!',
  'Okay, done.',
  "It's done.",
  'Consider it done!',
  "You're all set for tomorrow at 3.",
  'All set!',
  'Meeting booked for tomorrow at 3pm.',
  'Your review with Ben is now booked.',
  'The meeting has now been cancelled.',
  'The invitation has been sent for you.',
  'Event created.',
  'Invite sent to Ben!',
  '✅ Review with Ben, tomorrow 15:00',
  'Here is your day.\n✓ Booked: lunch',
  'Ich habe den Termin mit Ben für morgen um 15 Uhr gebucht.',
  'Marquei a reunião com o Ben para amanhã.',
  'He reservado la sala.',
  'J’ai envoyé l’invitation à Ben.',
  'Ho prenotato la sala.',
];

/** Wrong only where nothing was read that they could report. */
const claimsWithoutReading = [
  'Your meeting with Ben has been booked.',
  'The review was moved to 4pm.',
  'The meeting is scheduled for 3pm.',
  'It is booked.',
  "It's in your calendar.",
  'The invitation is on its way.',
  'Reminder set for 9am.',
  'Cancelled.',
  'Scheduled for tomorrow at 3pm.',
];

/** Right, whatever was called. */
const honest = [
  'I have not booked anything yet.',
  "I haven't sent the invitation.",
  'I could not book the room: it is taken.',
  'Nothing was booked.',
  'No meeting was created.',
  'None of them were cancelled.',
  'Shall I have it booked?',
  'Would you like me to book it?',
  'Is the review cancelled?',
  'Have I booked the right room, or do you want another?',
  'Once I have booked it, I will tell you.',
  'If you confirm, it will be booked at once.',
  'When you say yes, the invitation is sent.',
  'I can book, move and cancel meetings.',
  'I was created to help you with your calendar.',
  'What should the subject be?',
  'Invitations are sent to everybody you name.',
  'You are free tomorrow afternoon.',
  'Hello! How can I help?',
  'To have it booked, tell me the time.',
  'I need the end time before the meeting is booked.',
  'I have a question: when should it start?',
];

/** Right where a calendar or a sheet was read. */
const reports = [
  'You have three meetings booked tomorrow.',
  'Ben scheduled a review with you at 10:00.',
  'The review was moved to 4pm by Ben.',
  'Your 9 o’clock has been cancelled by the organiser.',
  'The meeting is scheduled for 3pm in the Atrium.',
  'Tickets assigned to you: 4.',
  '- Assigned to: Ben\n- Created: 3 November\n- Updated: yesterday',
  '1. Booked: room Atrium\n2. Sent invoices review',
  'Scheduled for 3pm: Budget review.',
  'I have added up the hours: 14.',
  'The note says: “I have booked the room”.',
  'You were invited by Dmitri.',
  "It's in your calendar at 3pm.",
];

verifies('turn:receipts', 'a claim of a write that was not done is found, in many words', () => {
  expect(claims.filter((text) => !claimsUndoneWrite(text, []))).toEqual([]);
  expect(
    claims.filter((text) => !claimsUndoneWrite(text, read)),
    'after reading',
  ).toEqual([]);
  expect(claimsWithoutReading.filter((text) => !claimsUndoneWrite(text, []))).toEqual([]);
});

verifies('turn:receipts', 'honest words, questions, offers and reports are left alone', () => {
  expect(honest.filter((text) => claimsUndoneWrite(text, []))).toEqual([]);
  expect(
    honest.filter((text) => claimsUndoneWrite(text, read)),
    'after reading',
  ).toEqual([]);
  expect(reports.filter((text) => claimsUndoneWrite(text, read))).toEqual([]);
});

verifies('turn:receipts', 'a failed or unknown write is none that was done; one that was done may be worded freely', () => {
  const [text = ''] = claims;

  expect(claimsUndoneWrite(text, [result('write', 'failed')])).toBe(true);
  expect(claimsUndoneWrite(text, [result('write', 'unknown')])).toBe(true);
  expect(claimsUndoneWrite(text, [...read, result('write', 'done')])).toBe(false);
});

verifies('turn:receipts', 'who asks about an earlier booking is told of it; who asks for one is not', () => {
  const receipt = ['All right.\n\n✓ Booked: “Review”, Sun 22 Nov 2026, 15:00–15:30'];

  expect(recallsEarlierWrite(['Did you book the review?'], receipt)).toBe(true);
  expect(recallsEarlierWrite(['What have you booked for me today?'], receipt)).toBe(true);
  expect(recallsEarlierWrite(['Can you book another one?'], receipt)).toBe(false);
  expect(recallsEarlierWrite(['Book another one'], receipt)).toBe(false);
  expect(recallsEarlierWrite(['Did you book the review?'], ['All right.'])).toBe(false);
  expect(claimsUndoneWrite('Yes, I booked it for 3pm.', [], { recalls: true })).toBe(false);
});

verifies('limits:long-texts', 'claims: long and odd texts are judged in no time', () => {
  const texts = [
    'I '.repeat(8_000),
    'the '.repeat(8_000),
    '"'.repeat(16_000),
    'ich habe '.repeat(3_000),
    'meeting '.repeat(4_000),
    ', '.repeat(8_000),
    '\n'.repeat(16_000),
    '\n '.repeat(8_000),
    '> \n'.repeat(5_000),
    '? '.repeat(8_000),
  ];
  const busy = busySince();

  for (const text of texts) {
    claimsUndoneWrite(text, []);
    claimsUndoneWrite(text, read);
    recallsEarlierWrite([text], [text]);
  }

  expect(busy()).toBeLessThan(3_000);
});
