import { readCommand } from '../../../shared/conversation/commands.ts';
import { wake } from '../../../shared/conversation/wake.ts';
import type { Rung } from '../../support/fakes/fake-bell.ts';
import { createLife, type Life } from './life.ts';
import { chatId, ref, startWorld, type World } from './world.ts';

/** The conversation that Ana's phone had of its own until it became one with that of her lid. */
export const phoneChat = { workspace: 'acme', conversationId: 'acme:ana-by-phone' };
const lid = chatId.replace('@lid', '');

export interface MergedWorld extends World {
  work(lives?: readonly Life[], until?: number): Promise<void>;
  merge(): Promise<void>;
}

/** A message in one of the two; `after` is what the webhook knows of the merge. */
export async function store(world: World, text: string, place: { conversationId: string; after?: string[] }): Promise<void> {
  const { clock, ports } = world;
  const id = `message ${text}`;
  const sealed = (await ports.dataKeys.keyFor(place.conversationId)).seal({ text, chatId, lid }, id);
  const [now, where] = [clock.now(), { workspace: 'acme', ...place }];
  const command = readCommand(text);
  const times = { sentAt: now, arrivedAt: now, dueAt: now };
  const document = { ...where, id, type: 'message', kind: 'text', ...times, sealed } as const;
  await ports.conversations.storeMessage(command === undefined ? document : { ...document, command });
  clock.advance(1_000);
}

/** Two conversations of Ana's, one by now unless that is still to come. */
export async function startMerged({ isMerged = true } = {}): Promise<MergedWorld> {
  const world = await startWorld();
  const { ports, indexes, clock, workOf } = world;
  const merge = () => ports.identities.update(indexes.lid(lid), { formerly: [phoneChat.conversationId] });
  if (isMerged) await merge();
  /** Takes bells as they come, the newer conversation's first; each of `lives` works until its fate has struck. */
  const work = async (lives: readonly Life[] = [], until = Infinity) => {
    const waiting = [...lives];
    const repeats = new WeakSet<Rung>();
    await ports.bell.ring(ref);
    for (let bells = 0; bells < 40; bells += 1) {
      ports.bell.rung.sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
      const bell = ports.bell.rung.shift();
      if (!bell) return;
      if ((bell.atMs ?? 0) > until) return void ports.bell.rung.push(bell);
      clock.set(Math.max(clock.now(), bell.atMs ?? 0));
      const life = waiting[0] ?? createLife(clock);
      const failed = await wake(workOf(life), bell.ref, { isRepeat: repeats.has(bell) }).then(
        () => life.isDead(),
        () => true,
      );
      if (life.struck() !== undefined) waiting.shift();
      if (!failed) continue;
      const repeat = { ref: bell.ref, atMs: clock.now() + 30_000 };
      repeats.add(repeat);
      ports.bell.rung.push(repeat);
    }
  };
  return { ...world, work, merge };
}
