import { expect, onTestFinished } from 'vitest';
import { createErasedAudit } from '../../../shared/domain/audit/index.ts';
import { setLogSink } from '../../../shared/telemetry/index.ts';
import { createFakeAudit } from '../../support/fakes/fake-audit.ts';
import { createFakeClock } from '../../support/fakes/fake-clock.ts';
import { verifies } from '../../verifies.ts';

verifies(
  'privacy:old-refused',
  'is written down by ids, a line a minute at most, and the answer waits for no trail',
  async () => {
    onTestFinished(setLogSink(() => undefined));
    const [audit, clock] = [createFakeAudit(), createFakeClock()];
    const erased = createErasedAudit({ audit, clock }, 'acme');

    for (let times = 0; times < 5; times += 1) await erased.note('acme:c1');
    clock.advance(60_000);
    await erased.note('acme:c1');
    audit.failWith(new Error('away'));
    clock.advance(60_000);
    await erased.note('acme:c1');

    expect([...audit.lines.values()]).toMatchObject([
      { what: 'message.refused-erased', stream: 'acme:privacy:2026-11-21', detail: { conversation: 'acme:c1', refused: 1 } },
      { what: 'message.refused-erased', detail: { conversation: 'acme:c1', refused: 6 } },
    ]);
  },
);
