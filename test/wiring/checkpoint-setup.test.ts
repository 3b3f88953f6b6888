import { readFileSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { createApplication } from '../../shared/application.ts';
import { AppError } from '../../shared/core/errors.ts';
import { setLogSink } from '../../shared/telemetry/index.ts';
import { createCheckpointSetup } from '../../shared/wiring/checkpoint-setup.ts';
import { cosmosKey, startCosmos } from '../support/cosmos.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { startSilence } from '../support/silence.ts';
import { verifies } from '../verifies.ts';

// For the whole file: what hangs is told of once its connection is cut, after its test.
setLogSink(() => undefined);

const { Values: sample } = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as { Values: Record<string, string> };

verifies('postgres:set-up-silent', 'with a database that says nothing, bells after the first are not delayed', async () => {
  const { sandbox } = await startCosmos();
  const application = createApplication({
    ...sample,
    ...{ COSMOS_ENDPOINT: sandbox.endpoint, COSMOS_KEY: cosmosKey, OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    ...{ DATABASE_URL: `postgresql://postgres:x@${await startSilence()}/postgres`, WAHA_URL: 'http://127.0.0.1:1' },
  });
  onTestFinished(() => application.close());
  const work = await application.wake();
  const ring = async () => {
    const before = performance.now();
    await work.wake({ workspace: 'alderfinch', conversationId: 'nobody' }, { deliveryCount: 1, properties: {} });
    return performance.now() - before;
  };

  const together = await Promise.all([ring(), ring()]);
  const later = [await ring(), await ring()];

  expect(Math.max(...together)).toBeLessThan(10_000);
  expect(Math.max(...later)).toBeLessThan(2_500);
});

verifies('postgres:set-up-silent', 'one that failed is tried again after half a minute, while bells go on', async () => {
  const clock = createFakeClock();
  const answers = [Promise.reject(new AppError('upstream', 'away')), new Promise<void>(() => undefined)];
  let tried = 0;
  const setup = createCheckpointSetup({ setup: () => answers[tried++] ?? Promise.resolve() }, { clock });
  const triedAfter = [];

  for (const passedMs of [0, 29_999, 1, 60_000]) {
    clock.advance(passedMs);
    await setup.begin();
    triedAfter.push(tried);
  }

  expect(triedAfter).toEqual([1, 1, 2, 2]);
});

verifies('postgres:set-up-silent', 'the first bells wait for the tables, which are made once', async () => {
  let tried = 0;
  let done = false;
  const made = async () => {
    tried += 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
    done = true;
  };
  const setup = createCheckpointSetup({ setup: made }, { clock: createFakeClock() });

  const doneAfter = await Promise.all([setup.begin(), setup.begin()].map((begun) => begun.then(() => done)));
  await setup.begin();

  expect([doneAfter, tried]).toEqual([[true, true], 1]);
});
