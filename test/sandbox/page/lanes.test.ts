import { expect } from 'vitest';
import { createLanes } from '../../../sandbox/page/story/lanes.ts';
import { tellStory } from '../../../sandbox/page/story/story.ts';
import { verifies } from '../../verifies.ts';
import { entry, span, wholeMessage } from './told.ts';

const interval = (startedAt: number, durationMs: number) => ({ startedAt, durationMs });

verifies('page:story', 'bars stand to one scale of time', () => {
  const lanes = createLanes([interval(1_000, 400), interval(1_100, 100), interval(1_400, 0)]);

  expect(lanes.bar(interval(1_000, 400))).toEqual({ from: 0, length: 1 });
  expect(lanes.bar(interval(1_100, 100))).toEqual({ from: 0.25, length: 0.25 });
  expect(lanes.bar(interval(1_400, 0))).toEqual({ from: 1, length: 0 });
});

verifies('page:story', 'a long pause is cut out of the scale and told; a short one stays', () => {
  const all = [interval(0, 400), interval(20_400, 100), interval(900, 100), interval(50_500, 400)];

  const lanes = createLanes(all);

  expect(all.map((each) => lanes.pauseBefore(each))).toEqual([0, 19_400, 0, 30_000]);
  expect(lanes.bar(interval(0, 400))).toEqual({ from: 0, length: 0.2667 });
  expect(lanes.bar(interval(20_400, 100))).toEqual({ from: 0.6667, length: 0.0667 });
  expect(lanes.bar(interval(50_500, 400))).toEqual({ from: 0.7333, length: 0.2667 });
});

verifies('page:story', 'a single moment has a bar without a length', () => {
  expect(createLanes([interval(5, 0)]).bar(interval(5, 0))).toEqual({ from: 0, length: 0 });
});

verifies('page:story', 'a bell that comes much later neither shrinks the bars nor delays the answer', () => {
  const { spans, entries, deliveries } = wholeMessage();
  const late = span('wake', { id: 'late', parent: 'wake', at: 20_000, ms: 8, attributes: { conversation: 'c1' } });
  const bell = entry('servicebus', { under: 'wake', at: 19_990, method: 'RECEIVE', path: 'bells' });

  const story = tellStory('M1', { deliveries, spans: [...spans, late], entries: [...entries, bell] });

  expect(story.answeredMs).toBe(263);
  expect(story.steps.map(({ pauseMs }) => pauseMs)).toEqual([0, 0, 0, 0, 19_684, 0]);
  expect(story.steps.find(({ kind }) => kind === 'wake')?.bar.length).toBeGreaterThan(0.8);
});
