import { readFileSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { countActivePeople, notePerson } from '../../shared/telemetry/active-people.ts';
import {
  count,
  durationBounds,
  errorFields,
  log,
  measure,
  metricCatalogue,
  observe,
  percentile,
  setLogSink,
  snapshotMetrics,
  type MetricName,
} from '../../shared/telemetry/index.ts';
import { AppError } from '../../shared/core/errors.ts';
import { verifies } from '../verifies.ts';

const pointsOf = (name: MetricName) => snapshotMetrics().metrics.find((metric) => metric.name === name)?.points ?? [];
const matching = (name: MetricName, attributes: object) =>
  pointsOf(name).filter((point) => JSON.stringify(point.attributes) === JSON.stringify(attributes));

verifies('telemetry:metrics', 'percentiles read from the buckets are near the true ones', () => {
  const buckets = Array.from({ length: durationBounds.length + 1 }, () => 0);
  for (let ms = 1; ms <= 10_000; ms += 1) {
    const index = durationBounds.findIndex((bound) => ms <= bound);
    buckets[index] = (buckets[index] ?? 0) + 1;
  }

  const read = [0.5, 0.95, 0.99].map((share) => percentile({ bounds: durationBounds, buckets, max: 10_000 }, share));

  for (const [index, exact] of [5_000, 9_500, 9_900].entries())
    expect(Math.abs((read[index] ?? 0) / exact - 1)).toBeLessThan(0.1);
  expect(durationBounds.at(-1)).toBeGreaterThanOrEqual(600_000);
});

verifies('telemetry:metrics', 'errors are counted by the vendor whose they are, else by the part of ours; events by name', () => {
  onTestFinished(setLogSink(() => undefined));

  log('error', 'turn.failed', errorFields(new AppError('timeout', 'msgraph took too long', { vendor: 'msgraph' })));
  log('error', 'tool.bug', errorFields(new TypeError('Ana')));
  log('warn', 'send.repeated', { message: '3EB0' });
  log('info', 'webhook.ignored', { code: 'none' });

  expect(matching('adjutant.errors', { module: 'msgraph', code: 'timeout' })).toMatchObject([{ value: 1 }]);
  expect(matching('adjutant.errors', { module: 'tool', code: 'bug' })).toMatchObject([{ value: 1 }]);
  expect(matching('adjutant.events', { event: 'send.repeated', level: 'warn' })).toMatchObject([{ value: 1 }]);
  expect(JSON.stringify(pointsOf('adjutant.events'))).not.toContain('webhook.ignored');
});

verifies('telemetry:no-personal-data', 'a label that is no code of ours is not told', () => {
  const labels = [
    'Ben Okafor',
    '+15550100002',
    '15550100002',
    'ben@alderfinch.example',
    'x'.repeat(65),
    'gpt-5.4-mini',
    'whoami',
  ];

  for (const tool of labels) measure('adjutant.tool.duration', 1, { tool });

  const told = pointsOf('adjutant.tool.duration').map(({ attributes }) => attributes['tool']);
  expect(told.toSorted()).toEqual(['gpt-5.4-mini', 'other', 'whoami']);
});

verifies('telemetry:bounded', 'a metric keeps to two hundred series, and counts on in one for the rest', () => {
  for (let index = 0; index < 500; index += 1) count('adjutant.model.tokens', { model: `m${index}` });

  const points = pointsOf('adjutant.model.tokens');
  const total = points.reduce((sum, point) => sum + ('value' in point ? point.value : 0), 0);
  expect([points.length, total]).toEqual([201, 500]);
  expect(matching('adjutant.model.tokens', { other: 'true' })).toMatchObject([{ value: 300 }]);
});

verifies('telemetry:bounded', 'people count within an hour, once each, and no more than ten thousand are kept', () => {
  const hour = 3_600_000;
  notePerson('a', 0);
  notePerson('b', 1_000);
  notePerson('a', hour);

  const [both, one] = [countActivePeople(hour), countActivePeople(hour + 2_000)];
  for (let index = 0; index < 10_500; index += 1) notePerson(`p${index}`, 2 * hour);

  expect([both, one, countActivePeople(2 * hour)]).toEqual([2, 1, 10_000]);
});

verifies('telemetry:metrics', 'what is observed is read when asked for, until it is stopped', () => {
  let age = 3;
  const stop = observe('adjutant.due.age', () => age);
  const first = pointsOf('adjutant.due.age');
  age = 4;
  const second = pointsOf('adjutant.due.age');
  stop();

  expect([first, second, pointsOf('adjutant.due.age')]).toMatchObject([[{ value: 3 }], [{ value: 4 }], []]);
});

verifies('telemetry:metrics-documented', 'each by name and unit, and no other', () => {
  const rows = readFileSync('docs/operations.md', 'utf8').matchAll(/^\| `(adjutant\.[\w.]+)` \| ([^|]+?) \|/gm);

  const documented = [...rows].map(([, name, unit]) => [name, unit]);
  expect(documented).toEqual(Object.entries(metricCatalogue).map(([name, { unit }]) => [name, unit]));
});
