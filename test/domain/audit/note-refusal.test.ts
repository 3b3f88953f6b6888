import { expect, onTestFinished } from 'vitest';
import { createRefusalAudit } from '../../../shared/domain/audit/index.ts';
import { setLogSink } from '../../../shared/telemetry/index.ts';
import { createFakeAudit } from '../../support/fakes/fake-audit.ts';
import { createFakeClock } from '../../support/fakes/fake-clock.ts';
import { verifies } from '../../verifies.ts';

function start() {
  const [audit, clock, lines] = [createFakeAudit(), createFakeClock(), [] as string[]];
  onTestFinished(setLogSink((_level, line) => lines.push(line)));
  return { audit, clock, lines, refusals: createRefusalAudit({ audit, clock }, 'acme') };
}

verifies('conversation:webhook-signature', 'every refusal is counted; one line a minute and address is written', async () => {
  const { audit, clock, refusals, lines } = start();

  for (let i = 0; i < 50; i += 1) await refusals.note('203.0.113.7');
  await refusals.note('203.0.113.8');
  clock.advance(60_000);
  await refusals.note('203.0.113.7');

  const written = [...audit.lines.values()];
  expect(refusals.count()).toBe(52);
  expect(written.map(({ detail }) => detail?.['address'])).toEqual(['203.0.113.7', '203.0.113.8', '203.0.113.7']);
  expect(written[0]).toMatchObject({ stream: 'acme:webhooks:2026-11-21', workspace: 'acme', what: 'webhook.unauthorized' });
  expect(lines.join()).not.toContain('203.0.113');
});

verifies('conversation:webhook-signature', 'two instances write one line: the key is made of minute and address', async () => {
  const { audit, clock, refusals } = start();
  const twin = createRefusalAudit({ audit, clock }, 'acme');

  await Promise.all([refusals.note('203.0.113.7'), twin.note('203.0.113.7')]);

  expect(audit.lines.size).toBe(1);
});

verifies('conversation:webhook-signature', 'a flood from many addresses neither fills the memory nor the trail', async () => {
  const { audit, refusals } = start();

  for (let i = 0; i < 3_000; i += 1) await refusals.note(`2001:db8::${i.toString(16)}`);

  expect(refusals.count()).toBe(3_000);
  expect(audit.lines.size).toBe(1_001);
  expect([...audit.lines.values()].at(-1)?.detail).toMatchObject({ address: 'others' });
});

verifies(
  'conversation:webhook-signature',
  'a trail that cannot be written is logged, and the answer stays as it is',
  async () => {
    const { audit, refusals, lines } = start();
    audit.failWith(new Error('cosmos is down'));

    await refusals.note('203.0.113.7');

    expect(lines.join()).toContain('audit.failed');
  },
);
