import { expect } from 'vitest';
import { endAnswers, openAnswers, recordAnswer, recordResults, writeKey } from '../../shared/conversation/calls.ts';
import type { CallsDocument, CallResult } from '../../shared/ports/documents.ts';
import { ref } from '../contract/conversations/implementations.ts';
import { verifies } from '../verifies.ts';
import { startHolding } from './holding.ts';

const calls = [
  { callId: 'c1', name: 'calendar_create_event', arguments: '{"subject":"Merger"}' },
  { callId: 'c2', name: 'calendar_list_events', arguments: '{}' },
];
const results: CallResult[] = calls.map(({ callId, name }) => ({
  callId,
  name,
  effect: 'write',
  status: 'done',
  output: '{"id":"Merger"}',
}));

const given = { at: 1_000, personId: 'acme:person-ana', approved: false };

async function start() {
  const { held, conversations, dataKeys } = await startHolding();
  const key = await dataKeys.keyFor(ref.conversationId);
  const recorded = async () => openAnswers((await conversations.load(ref)).calls, key, 't1');
  return { held, conversations, key, recorded };
}

verifies(
  'conversation:calls-recorded',
  'what was recorded is what a second run finds, sealed, with its results once they came',
  async () => {
    const { held, conversations, key, recorded } = await start();

    await held.commit([{ kind: 'create', document: recordAnswer(ref, key, { ...given, turnId: 't1', n: 0, calls }) }]);
    const before = await recorded();
    await held.commit([recordResults(key, { turnId: 't1', n: 0, results })]);
    const document = conversations.document(ref, 't1:0');

    expect(before).toEqual([{ n: 0, approved: false, calls, results: undefined }]);
    expect(await recorded()).toEqual([{ n: 0, approved: false, calls, results }]);
    expect(JSON.stringify(document)).not.toContain('Merger');
    expect(document).toMatchObject({ open: true, tools: ['calendar_create_event', 'calendar_list_events'] });
  },
);

verifies(
  'conversation:calls-recorded',
  'a second recording of the same place is refused: what the model says later never replaces it',
  async () => {
    const { held, key, recorded } = await start();
    const record = (subject: string) => {
      const [first] = calls;
      const changed = [{ ...first, callId: 'c9', name: 'x', arguments: subject }];
      return held.commit([
        { kind: 'create', document: recordAnswer(ref, key, { ...given, turnId: 't1', n: 0, calls: changed }) },
      ]);
    };
    await record('one');

    await expect(record('two')).rejects.toMatchObject({ code: 'conflict' });
    expect((await recorded())[0]?.calls[0]?.arguments).toBe('one');
  },
);

verifies(
  'conversation:calls-recorded',
  'answers come in their order, of this turn alone, and end with it, due until they are audited',
  async () => {
    const { held, key, recorded, conversations } = await start();
    const create = (turnId: string, n: number) =>
      ({ kind: 'create', document: recordAnswer(ref, key, { ...given, turnId, n, calls }) }) as const;
    await held.commit([create('t1', 10), create('t1', 2), create('t2', 0), create('t1', 0), create('t1', 1)]);

    expect((await recorded()).map(({ n }) => n)).toEqual([0, 1, 2, 10]);
    await held.commit(endAnswers('t1', 3, 60));

    expect(conversations.document(ref, 't1:2')).toMatchObject({ ended: true, dueAt: 60 });
    expect(conversations.document(ref, 't1:10')).not.toHaveProperty('ended');
  },
);

verifies('conversation:calls-recorded', 'results moved to another answer, or calls to another turn, do not open', async () => {
  const { key } = await start();
  const one = recordAnswer(ref, key, { ...given, turnId: 't1', n: 0, calls });
  const moved: CallsDocument = { ...one, id: 't1:1', n: 1 };

  expect(() => openAnswers([moved], key, 't1')).toThrow('cannot be opened');
});

verifies(
  'conversation:calls-recorded',
  'the key of a write is made of its place: turn, answer, position and name, each of them',
  () => {
    const place = { turnId: 't1', n: 0, position: 1, name: 'create' };
    const others = [
      { ...place, turnId: 't2' },
      { ...place, n: 1 },
      { ...place, position: 2 },
      { ...place, name: 'invite' },
    ];

    expect(writeKey({ ...place })).toBe(writeKey(place));
    expect(new Set([place, ...others].map(writeKey)).size).toBe(5);
    expect(writeKey(place)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  },
);
