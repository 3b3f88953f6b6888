import { expect, onTestFinished } from 'vitest';
import { AppError } from '../../shared/core/errors.ts';
import { setLogSink } from '../../shared/telemetry/index.ts';
import { createHealthWork } from '../../shared/wiring/health.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { createFakeIdentities } from '../support/fakes/fake-identities.ts';
import { createFakeMessenger } from '../support/fakes/fake-messenger.ts';
import { verifies } from '../verifies.ts';

verifies('limits:probes', 'whoever asks meanwhile, or within five seconds, is told what the one probe found', async () => {
  const events: string[] = [];
  onTestFinished(setLogSink((_level, line) => events.push(line)));
  const clock = createFakeClock();
  const probes = { waha: 0 };
  const messenger = {
    ...createFakeMessenger(),
    status() {
      probes.waha += 1;
      return Promise.resolve({ version: '2026.4.3', engine: 'GOWS', state: 'WORKING', keepsIds: true });
    },
  };
  const identities = createFakeIdentities();
  const health = createHealthWork({ ports: { clock, messenger, identities } });

  const atOnce = await Promise.all([health.ready(), health.ready(), health.ready()]);
  identities.failWith(new AppError('upstream', 'cosmos is away', { vendor: 'cosmos' }));
  clock.advance(4_999);
  const kept = await health.ready();
  const probedBefore = probes.waha;
  clock.advance(1);
  const anew = await health.ready();

  expect([...atOnce, kept]).toEqual(Array.from({ length: 4 }, () => ({ status: 200, jsonBody: { cosmos: 'ok', waha: 'ok' } })));
  expect(anew).toEqual({ status: 503, jsonBody: { cosmos: 'upstream', waha: 'ok' } });
  expect([probedBefore, probes.waha, events.length]).toEqual([1, 2, 1]);
});
