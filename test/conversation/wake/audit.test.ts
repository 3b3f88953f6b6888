import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { startWorld, type World } from './world.ts';

const booksThenLists = [
  asksFor(['list_bookings', {}], ['book', { subject: 'Secret merger' }]),
  { text: 'Here is what happened:' },
];
const linesOf = (world: World) => [...world.ports.audit.lines.values()];

verifies(
  'conversation:audit-lines',
  'each call of a turn that wrote stands in the trail before the lease is let go',
  async () => {
    const world = await startWorld();
    world.ports.model.next(...booksThenLists);
    const order: string[] = [];
    const { audit, conversations } = world.ports;
    const [append, commit] = [audit.append.bind(audit), conversations.commit.bind(conversations)];
    audit.append = (...given) => append(...given).finally(() => void order.push('audit'));
    conversations.commit = (...given) => commit(...given).finally(() => void order.push(given[1].after.kind));
    await world.say('Book a review');

    await world.run();

    expect(order.slice(order.indexOf('audit'))).toEqual(['audit', 'audit', 'release']);
    expect(linesOf(world)).toMatchObject([
      { what: 'turn.call', who: 'acme:person-ana', detail: { position: 0, tool: 'list_bookings', status: 'done' } },
      { what: 'turn.call', who: 'acme:person-ana', detail: { position: 1, tool: 'book', status: 'done' } },
    ]);
    expect(JSON.stringify(linesOf(world))).not.toContain('merger');
    expect(world.unfinished()).toEqual([]);
  },
);

verifies('conversation:audit-lines', 'a turn without recorded calls leaves none and costs nothing more', async () => {
  const world = await startWorld();
  world.ports.model.next(asksFor(['list_bookings', {}]), { text: 'Nothing is booked.' });
  await world.say('List my bookings');

  await world.run();

  expect(linesOf(world)).toEqual([]);
  expect(world.ports.conversations.calls.filter((call) => call === 'load')).toHaveLength(2);
});

verifies(
  'conversation:audit-lines',
  'a trail that cannot be written holds no answer up, and gets its lines once it can',
  async () => {
    const world = await startWorld();
    world.ports.model.next(...booksThenLists);
    world.ports.audit.failWith(new AppError('upstream', 'Cosmos is away', { vendor: 'cosmos' }));
    await world.say('Book a review');
    await world.run([], { until: world.clock.now() });
    const [shown, lines] = [world.shown(), linesOf(world)];
    world.ports.audit.failWith(undefined);

    await world.run();

    expect(shown).toEqual(['Here is what happened:\n\n✓ Booked: Secret merger']);
    expect(lines).toEqual([]);
    expect(linesOf(world)).toHaveLength(2);
    expect(world.unfinished()).toEqual([]);
  },
);
