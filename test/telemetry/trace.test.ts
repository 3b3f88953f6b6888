import { expect, onTestFinished } from 'vitest';
import { createRing } from '../../shared/telemetry/ring.ts';
import {
  continueTrace,
  currentTraceparent,
  linkSpan,
  log,
  readSpans,
  redact,
  setLogSink,
  takeLogs,
  withSpan,
} from '../../shared/telemetry/index.ts';
import { AppError } from '../../shared/core/errors.ts';
import { startWorld } from '../conversation/wake/world.ts';
import { verifies } from '../verifies.ts';

const traceparentOf = (digit: string) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;
const done = () => Promise.resolve();

verifies('telemetry:bounded', 'each reader gets each thing once, and is told how much was gone', () => {
  const ring = createRing<number>(3);
  ring.add(1);
  const early = ring.reader();
  const first = early();
  for (const item of [2, 3, 4, 5]) ring.add(item);

  const [second, late] = [early(), ring.reader()()];

  expect([first, second, early()]).toEqual([
    { items: [1], dropped: 0 },
    { items: [3, 4, 5], dropped: 1 },
    { items: [], dropped: 0 },
  ]);
  expect(late).toEqual({ items: [3, 4, 5], dropped: 0 });
});

verifies(
  'telemetry:one-trace',
  'who is in a trace already stays under the step at hand; another trace is continued and linked',
  async () => {
    const newSpans = readSpans();
    newSpans();

    await continueTrace(traceparentOf('a'), () =>
      withSpan('wake', {}, async () => {
        const bell = currentTraceparent();
        await continueTrace(traceparentOf('a'), () => withSpan('turn', {}, done));
        await continueTrace(traceparentOf('b'), () =>
          withSpan('turn of another', {}, () => {
            linkSpan(bell);
            linkSpan(traceparentOf('b'));
            return done();
          }),
        );
      }),
    );

    const [turn, other, wake] = newSpans().items;
    expect(turn).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: wake?.spanId, links: [] });
    expect(other).toMatchObject({ traceId: 'b'.repeat(32), parentSpanId: 'b'.repeat(16) });
    expect(other?.links).toEqual([{ traceId: 'a'.repeat(32), spanId: wake?.spanId }]);
  },
);

verifies(
  'telemetry:one-trace',
  'a burst is a turn in the trace of its first message, linked to those of the others',
  async () => {
    const world = await startWorld();
    await continueTrace(traceparentOf('1'), () => world.say('Hello'));
    await continueTrace(traceparentOf('2'), () => world.say('Are you there?'));
    const newSpans = readSpans();
    newSpans();

    await world.run([], { until: world.clock.now() });

    const turns = newSpans().items.filter(({ name }) => name === 'turn');
    expect(turns).toMatchObject([{ traceId: '1'.repeat(32), parentSpanId: '1'.repeat(16), attributes: { messages: 2 } }]);
    expect(turns[0]?.links).toContainEqual({ traceId: '2'.repeat(32), spanId: '2'.repeat(16) });
  },
);

verifies('telemetry:one-trace', 'a reply that another worker sends later stays in the trace it was made in', async () => {
  const world = await startWorld();
  await continueTrace(traceparentOf('1'), () => world.say('Hello'));
  world.ports.messenger.nextSends({ fails: new AppError('upstream', 'WAHA is away', { vendor: 'waha' }), done: false });
  const newSpans = readSpans();
  newSpans();

  await world.run([], { until: world.clock.now() + 60_000 });

  const spans = newSpans().items;
  const sends = spans.filter(({ name }) => name === 'send');
  const turn = spans.find(({ name }) => name === 'turn');
  expect(sends).toMatchObject([{ attributes: { outcome: 'parked' } }, { attributes: { outcome: 'sent', sent: 1 } }]);
  expect(sends.map(({ traceId }) => traceId)).toEqual([turn?.traceId, turn?.traceId]);
  expect(sends[1]?.parentSpanId).toBe(turn?.spanId);
});

verifies('telemetry:once', 'a line that is taken over is not printed; one that is not, is', () => {
  const printed: string[] = [];
  onTestFinished(setLogSink((_level, line) => void printed.push(line)));
  const taken: string[] = [];
  const release = takeLogs(({ level, event }) => level !== 'info' && taken.push(event) < 2);

  for (const event of ['one', 'two', 'three']) log('warn', event);
  release();
  log('warn', 'four');

  expect(taken).toEqual(['one', 'two', 'three']);
  expect(printed.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['two', 'three', 'four']);
});

verifies('telemetry:no-personal-data', 'what opens a sign-in is no part of a line or a span', async () => {
  const newSpans = readSpans();
  newSpans();

  await withSpan('page', { url: 'https://adjutant.example/api/sign-in/AbC-123_x?y=1', back: '/api/sign-in/callback' }, done);

  expect(redact('GET /api/sign-in/AbC-123_x failed')).toBe('GET /api/sign-in/[secret] failed');
  expect(newSpans().items[0]?.attributes).toEqual({
    url: 'https://adjutant.example/api/sign-in/[secret]?y=1',
    back: '/api/sign-in/callback',
  });
});
