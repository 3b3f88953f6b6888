import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import { listFailures } from '../../../shared/domain/operations/index.ts';
import type { Tool } from '../../../shared/tools/define-tool.ts';
import { replayFailureTool } from '../../../shared/tools/system/replay-failure.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { verifies } from '../../verifies.ts';
import { createLife, type Fate } from './life.ts';
import { startWorld } from './world.ts';

const refused = new AppError('invalid-input', 'openai answered 400', { vendor: 'openai' });

/** An admin whose own turn failed, and who is about to replay it in the same chat: its lease is held while they do. */
async function startWithOwnFailure() {
  const tools: Tool[] = [];
  const world = await startWorld({ role: 'admin', moreTools: tools });
  const { ports } = world;
  tools.push(replayFailureTool(ports, 'acme'));
  ports.model.next(refused);
  await world.say('This was poisonous');
  await world.run();
  const { failures } = await listFailures(ports, 'acme', new AbortController().signal);
  const id = failures[0]?.id ?? '';
  ports.model.always(({ items }) => {
    const last = items.at(-1);
    if (last?.kind === 'result') return { text: 'Here is what happened:' };
    const said = last?.kind === 'user' ? last.text : '';
    return said.startsWith('Replay') ? asksFor(['system_replay_failure', { id }]) : { text: 'At last.' };
  });
  await world.say(`Replay failure ${id}`);
  return { world, id };
}

for (const how of ['before', 'after', 'late', 'refused', 'lost'] as const) {
  verifies(
    'conversation:replay',
    `an admin replays a turn of the same chat, and is struck at any call (${how}): once`,
    async () => {
      const struck: string[] = [];
      for (;;) {
        const { world, id } = await startWithOwnFailure();
        const fate: Fate = { at: struck.length + 1, how };
        const error = new AppError('upstream', 'The answer is an error', { vendor: 'cosmos', maybeDone: how !== 'refused' });
        const life = createLife(world.clock, { ...fate, error });

        await world.run([life]);
        world.clock.advance(60_000);
        await new Promise((resolve) => setImmediate(resolve));

        const call = life.struck();
        const about = `${how} ${call ?? 'nothing'}`;
        const shown = world.shown().filter((text) => !text.startsWith('I cannot reach'));
        expect(shown.slice(1).sort(), about).toEqual(
          ['At last.', `Here is what happened:\n\n✓ Replayed: failure ${id}, 1 message`].sort(),
        );
        expect(
          world.documents('message').map(({ run = 0 }) => run),
          about,
        ).toEqual([1, 0]);
        expect(world.unfinished(), about).toEqual([]);
        expect(world.lease(), about).toMatchObject({ owner: null, attempts: 0, waiting: 0 });
        if (call === undefined) break;
        struck.push(call);
      }

      expect(struck).toEqual(expect.arrayContaining(['conversations.commit', 'model.answer', 'messenger.sendText']));
    },
  );
}
