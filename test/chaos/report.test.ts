import { expect } from 'vitest';
import { deriveId } from '../../shared/core/ids.ts';
import { organisation } from '../../sandbox/seed/organisation.ts';
import { judge } from '../../chaos/judge/judge.ts';
import { verdicts, type Verdict } from '../../chaos/judge/verdicts.ts';
import { planBursts } from '../../chaos/messages.ts';
import { planMischief } from '../../chaos/mischief.ts';
import { createRandom } from '../../sandbox/kit/random.ts';
import { countOf, isSound, writeReport, type Report } from '../../chaos/report.ts';
import { verifies } from '../verifies.ts';

const phone = '+15550200001';
const answer = (tag: string) => `Read ${tag}.\n\n✓ Booked: “Walk ${tag} event”, tomorrow`;

interface End {
  readonly documents: Record<string, unknown>[];
  readonly chat: { id: string; text: string; fromMe: boolean; sends: number }[];
  readonly events: { subject: string }[];
  deadLettered: number;
}

/** The end of a run in which two messages were answered as they must be. */
function soundEnd(): End {
  const id = (whatsappId: string) => deriveId(organisation.workspace, organisation.waha.wahaSession, 'message', 'in', whatsappId);
  const common = { conversationId: 'c' };
  return {
    documents: [
      { ...common, type: 'message', id: id('A'), turnId: 't1', sentAt: 1, arrivedAt: 1 },
      { ...common, type: 'message', id: id('B'), turnId: 't2', sentAt: 2, arrivedAt: 2 },
      { ...common, type: 'reply', id: 'r1', turnId: 't1', parts: [{ whatsappId: 'R1', state: 'sent' }] },
      { ...common, type: 'reply', id: 'r2', turnId: 't2', parts: [{ whatsappId: 'R2', state: 'sent' }] },
      { ...common, type: 'lease', id: 'lease', owner: null },
    ],
    chat: [
      { id: 'R1', fromMe: false, text: answer('m000000'), sends: 1 },
      { id: 'R2', fromMe: false, text: answer('m000001'), sends: 1 },
    ],
    events: [{ subject: 'Walk m000000 event' }, { subject: 'Walk m000001 event' }],
    deadLettered: 0,
  };
}

function judged({ documents, chat, events, deadLettered }: End): Report {
  const typed = ['A', 'B'].map((id, number) => ({
    ...{ number, id, phone, tag: `m00000${number}`, person: 0, kind: 'arrange' as const, lid: '1', boastsBefore: 0 },
  }));
  const sandbox = {
    cosmos: { documents: () => documents },
    waha: { chat: (of: string) => (of === phone ? chat : []) },
    msgraph: { events: () => events },
    servicebus: { queues: () => [{ name: 'bells', active: 0, scheduled: 0, deadLettered }] },
  };
  const crowd = [{ phone, email: 'casey0001@alderfinch.example' }];
  const judgement = judge({ sandbox, crowd, typed } as unknown as Parameters<typeof judge>[0]);
  return { judgement, seed: 4, instances: 1, people: 1, isAtRest: true, mischief: {}, starts: 1, unnamed: [], seconds: 1 };
}

/** The first document, message or event, to be spoiled. */
const first = <T>(list: T[]): T => {
  const [one] = list;
  if (one === undefined) throw new RangeError('there is none');
  return one;
};

const parts = (...ids: string[]) => ids.map((whatsappId) => ({ whatsappId, state: 'sent' }));

const spoils: Readonly<Record<Verdict, (end: End) => unknown>> = {
  lost: ({ chat }) => (first(chat).text = ''),
  failed: ({ documents }) => documents.push({ type: 'failure', id: 'f', conversationId: 'c', turnId: 't1', reason: 'upstream' }),
  repeated: ({ chat, documents }) => {
    documents.push({ type: 'reply', id: 'r9', conversationId: 'c', parts: [{ whatsappId: 'R9', state: 'sent' }] });
    chat.push({ id: 'R9', fromMe: false, text: 'Heard m000000.', sends: 1 });
  },
  incomplete: ({ documents }) => Object.assign(documents[2] ?? {}, { parts: parts('R1', 'R3') }),
  stray: ({ chat }) => chat.push({ id: 'R8', fromMe: false, text: 'Hello.', sends: 1 }),
  disordered: ({ chat }) => chat.reverse(),
  doubled: ({ events }) => events.push({ subject: 'Stroll m000001 event' }),
  claimed: ({ events }) => events.pop(),
  untold: ({ chat }) => (first(chat).text = 'Read m000000.'),
  undone: ({ chat, events }) => [(first(chat).text = 'Read m000000.'), events.shift()],
  refused: ({ chat }) => (first(chat).text += '\n✗ Not done: calendar create event'),
  uncertain: ({ documents }) =>
    Object.assign(documents[2] ?? {}, { parts: parts('R1').map((part) => ({ ...part, state: 'uncertain' })) }),
  unknown: ({ chat }) => (first(chat).text += '\n? I cannot tell whether this was done (calendar create event): please check'),
  dead: (end) => (end.deadLettered = 1),
  stuck: ({ documents }) => Object.assign(first(documents), { dueAt: 5 }),
};

verifies('chaos:report', 'what is planted is found, counted under its name, and told with its conversation', () => {
  const sound = judged(soundEnd());
  expect([isSound(sound), sound.judgement.answered]).toEqual([true, 2]);

  for (const verdict of Object.keys(verdicts) as Verdict[]) {
    const end = soundEnd();
    spoils[verdict](end);
    const report = judged(end);

    expect(countOf(report, verdict), verdict).toBe(1);
    expect(isSound(report), verdict).toBe(false);
    expect(writeReport(report)).toContain(`Found:\n  ${verdicts[report.judgement.findings[0]?.verdict ?? 'lost']}`);
    expect(writeReport(report)).toContain('--messages 2 --seed 4');
  }
});

verifies('chaos:report', 'parts in disorder are found; an older message that came late may be answered late', () => {
  const inDisorder = soundEnd();
  Object.assign(inDisorder.documents[2] ?? {}, { parts: parts('R2', 'R1') });
  const heldBack = soundEnd();
  heldBack.chat.reverse();
  Object.assign(heldBack.documents[1] ?? {}, { sentAt: 0 });

  expect(countOf(judged(inDisorder), 'incomplete')).toBe(1);
  expect(isSound(judged(heldBack))).toBe(true);
});

verifies('chaos:report', 'a part that was sent again is found, but for one of a worker that was frozen', () => {
  const end = soundEnd();
  first(end.chat).sends = 2;
  const report = judged(end);

  expect([isSound(report), isSound({ ...report, mischief: { freezes: 1 } })]).toEqual([false, true]);
  expect(writeReport(report)).toMatch(/sent again under its id\) +1\n/);
});

verifies('chaos:report', 'an unnamed request and a run that never rests are not sound', () => {
  const sound = judged(soundEnd());

  expect([isSound({ ...sound, unnamed: ['cosmos GET /new'] }), isSound({ ...sound, isAtRest: false })]).toEqual([false, false]);
});

verifies('chaos:report', 'a seed fixes who writes what, and what goes wrong when', () => {
  const plan = (seed: number) => [
    planBursts(createRandom(seed), { messages: 300, people: 20 }),
    [...planMischief(createRandom(seed + 1), { messages: 300 })],
  ];

  expect(plan(7)).toEqual(plan(7));
  expect(plan(7)).not.toEqual(plan(8));
});
