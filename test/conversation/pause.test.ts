import { expect, onTestFinished } from 'vitest';
import { createPauseCheck } from '../../shared/conversation/pause.ts';
import { ringOverdue } from '../../shared/conversation/ring-overdue.ts';
import { AppError } from '../../shared/core/errors.ts';
import { setLogSink } from '../../shared/telemetry/index.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { createFakePause } from '../support/fakes/fake-pause.ts';
import { verifies } from '../verifies.ts';
import { ref, startWorld, type World } from './wake/world.ts';

const away = new AppError('upstream', 'cosmos could not be reached', { vendor: 'cosmos' });
const everybodys = { workspace: 'acme', conversationId: 'acme:somebody' };

function start() {
  const lines: string[] = [];
  onTestFinished(setLogSink((_level, line) => lines.push(line)));
  const [pause, clock] = [createFakePause(), createFakeClock()];
  return { pause, clock, lines, check: createPauseCheck({ pause, clock }) };
}

const pauseBy = (world: Pick<World, 'ports'>, by: string) =>
  world.ports.pause.change({ paused: true, by, at: 0, key: `pause by ${by}` });
const resume = (world: Pick<World, 'ports'>) => world.ports.pause.change({ paused: false, by: undefined, at: 1, key: 'resume' });
const withoutLease = ({ ports }: World) => ports.conversations.documents(ref).filter(({ type }) => type !== 'lease');

verifies('conversation:pause', 'while it lasts bells end without work, nothing is changed and nothing rings', async () => {
  const world = await startWorld();
  await pauseBy(world, 'acme:admin');
  await world.say('Hello');
  const before = world.ports.conversations.documents(ref);

  await world.run();
  const rung = await world.ringOverdue();

  expect(world.ports.conversations.documents(ref)).toEqual(before);
  expect([rung, world.ports.bell.rung, world.shown(), world.ports.model.requests]).toEqual([0, [], [], []]);
});

verifies('conversation:pause', 'afterwards what is overdue is rung for, and answered once', async () => {
  const world = await startWorld();
  await pauseBy(world, 'acme:admin');
  await world.say('Hello');
  await world.say('Are you there?');
  await world.run();
  await resume(world);

  const rung = await world.ringOverdue();
  await world.run();

  expect([rung, world.shown()]).toEqual([1, ['All right.']]);
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:pause', 'the chat of the admin who paused goes on, so that they can resume there', async () => {
  const world = await startWorld();
  await pauseBy(world, ref.conversationId);
  await world.say('Resume');

  await world.run();

  expect(world.shown()).toEqual(['All right.']);
});

verifies('conversation:pause', 'a turn that was parked before waits through the pause, and is none the worse', async () => {
  const world = await startWorld();
  world.ports.model.next(new AppError('upstream', 'The model is away', { vendor: 'openai' }));
  await world.say('Hello');
  await world.run([], { until: world.clock.now() });
  const parked = withoutLease(world);
  await pauseBy(world, 'acme:admin');
  await world.run();
  const during = withoutLease(world);
  await resume(world);

  await world.ringOverdue();
  await world.run();

  expect(during).toEqual(parked);
  expect(world.shown().at(-1)).toBe('All right.');
  expect(world.unfinished()).toEqual([]);
});

verifies('conversation:pause', 'it is read once for all the bells of five seconds', async () => {
  const { pause, clock, check } = start();

  await Promise.all(Array.from({ length: 20 }, () => check.isPaused(everybodys)));
  clock.advance(4_999);
  await check.isPaused(everybodys);
  const first = pause.reads();
  clock.advance(1);
  await pause.change({ paused: true, by: 'acme:ana', at: 0, key: 'k1' });
  const later = [
    await check.isPaused(everybodys),
    await check.isPaused(),
    await check.isPaused({ ...ref, conversationId: 'acme:ana' }),
  ];

  expect([first, pause.reads(), later]).toEqual([1, 2, [true, true, false]]);
});

verifies(
  'conversation:pause',
  'where it cannot be read, what was read last counts for a minute, then the work goes on',
  async () => {
    const { pause, clock, check, lines } = start();
    pause.failWith(away);
    const atFirst = await check.isPaused(everybodys);
    pause.failWith(undefined);
    await pause.change({ paused: true, by: 'acme:ana', at: 0, key: 'k1' });
    clock.advance(5_000);
    await check.isPaused(everybodys);
    pause.failWith(away);

    const after = [];
    for (let seconds = 0; seconds < 60; seconds += 15) {
      clock.advance(15_000);
      after.push(await check.isPaused(everybodys));
    }

    expect([atFirst, after]).toEqual([false, [true, true, true, false]]);
    expect(lines.filter((line) => line.includes('pause.unknown'))).toHaveLength(5);
  },
);

verifies('conversation:pause', 'while it lasts the admin who paused is rung for, where a bell of theirs was lost', async () => {
  const world = await startWorld();
  const { ports, clock } = world;
  const check = createPauseCheck(ports);
  const ring = () => ringOverdue(ports, { workspace: 'acme', ...check });
  await pauseBy(world, ref.conversationId);
  const nothing = await ring();
  await world.say('Resume');
  const [message] = world.documents('message');
  if (message) await ports.conversations.storeMessage({ ...message, ...everybodys });
  ports.bell.rung.length = 0;
  clock.advance(120_000);

  const { rung } = await ring();
  const bells = ports.bell.rung.map((bell) => bell.ref.conversationId);
  await world.run();

  expect([nothing.rung, rung, bells]).toEqual([0, 1, [ref.conversationId]]);
  expect(world.shown()).toEqual(['All right.']);
});

verifies('conversation:pause', 'nothing is asked of the store for what is overdue while it lasts', async () => {
  const world = await startWorld();
  await world.say('Hello');
  world.clock.advance(300_000);

  const { rung } = await ringOverdue(world.ports, { workspace: 'acme', isPaused: () => Promise.resolve(true) });

  expect([rung, world.ports.conversations.calls.includes('listOverdue')]).toEqual([0, false]);
});
