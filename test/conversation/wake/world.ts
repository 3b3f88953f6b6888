import { linkAna } from './ana.ts';
import { conversationOf } from './conversation.ts';
import { createOutside } from './outside.ts';
import { turnWorkOf, type WorldOptions } from './turn-work.ts';
import { workersOf } from './workers.ts';

export { chatId, ref } from './ana.ts';

/** One conversation of Ana's with everything outside the workers in memory, and ways to work on it. */
export async function startWorld(options: WorldOptions = {}) {
  const outside = createOutside(options.settling ?? 'look-up');
  const closing = new AbortController();
  const workOf = turnWorkOf(outside, closing, options);
  await linkAna(outside, options.role ?? 'user');
  return { ...outside, closing, workOf, ...conversationOf(outside), ...workersOf(outside, workOf) };
}

export type World = Awaited<ReturnType<typeof startWorld>>;
