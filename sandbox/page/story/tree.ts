import { createLanes, rounded } from './lanes.ts';
import type { StoryStep } from './model.ts';

/** A step before it has its place in the tree. */
export interface Placed extends Omit<StoryStep, 'startMs' | 'bar' | 'pauseMs' | 'children'> {
  readonly spanId: string | undefined;
  readonly parentSpanId: string | undefined;
  /** Begun by what its parent left behind (a bell, a stored message), not within it: it stands beside it. */
  readonly stands: 'within' | 'beside';
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly isEntry: boolean;
  readonly tokens: number;
}

/** Nests the steps by their spans, each level in the order of time. */
export function nest(placed: readonly Placed[], origin: number): StoryStep[] {
  const lanes = createLanes(placed);
  const known = new Set(placed.map(({ spanId }) => spanId));
  const childrenOf = Map.groupBy(placed, (step) => {
    if (step.kind === 'turn') return placed.find((other) => other.kind === 'wake' && isAround(other, step))?.spanId;
    return step.stands === 'within' && known.has(step.parentSpanId) ? step.parentSpanId : undefined;
  });
  const build = (parent: string | undefined): StoryStep[] =>
    (childrenOf.get(parent) ?? [])
      .toSorted((a, b) => a.startedAt - b.startedAt || b.durationMs - a.durationMs)
      .map(({ id, kind, title, durationMs, failed, facts, details, spanId, startedAt }) => ({
        ...{ id, kind, title, failed, facts, details },
        bar: lanes.bar({ startedAt, durationMs }),
        pauseMs: parent === undefined ? rounded(lanes.pauseBefore({ startedAt, durationMs })) : 0,
        startMs: rounded(startedAt - origin),
        durationMs: rounded(durationMs),
        children: spanId === undefined ? [] : build(spanId),
      }));
  return withUniqueIds(build(undefined));
}

const isAround = (wake: Placed, turn: Placed): boolean =>
  wake.startedAt <= turn.startedAt + 1 && wake.startedAt + wake.durationMs >= turn.startedAt + turn.durationMs - 1;

/** Two requests of one millisecond may be alike in all: they are counted. */
function withUniqueIds(steps: readonly StoryStep[], seen = new Map<string, number>()): StoryStep[] {
  return steps.map((step) => {
    const before = seen.get(step.id) ?? 0;
    seen.set(step.id, before + 1);
    const id = before === 0 ? step.id : `${step.id}-${before}`;
    return { ...step, id, children: withUniqueIds(step.children, seen) };
  });
}
