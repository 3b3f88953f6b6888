import { expect } from 'vitest';
import { createWahaWebhookReader } from '../../shared/adapters/waha/webhook-reader.ts';
import { catchUp } from '../../shared/conversation/catch-up.ts';
import { createFakeCatchUpMark } from '../support/fakes/fake-catch-up-mark.ts';
import { verifies } from '../verifies.ts';
import { hmacKey, messageEnvelope } from './receiving.ts';
import { lid } from './wake/ana.ts';
import { sorry } from './wake/sorry.ts';
import { startWorld } from './wake/world.ts';

const hour = 3_600_000;

verifies(
  ['conversation:catch-up', 'limits:too-late'],
  'after an outage longer than a webhook may be old, what came in it is apologised for once, and what is young is answered',
  async () => {
    const world = await startWorld();
    const { ports, indexes, clock } = world;
    const received = { ...ports, webhookReader: createWahaWebhookReader({ hmacKeys: [hmacKey], wahaSession: 'default' }) };
    const settings = { workspace: 'acme', maxAgeMs: 6 * hour, transcriptTtlSeconds: 30 * 86_400 };
    const wrote = (id: string, hours: number) =>
      messageEnvelope(clock.now() - hours * hour, { id: `false_${lid}@lid_${id}`, _data: {} }).payload;
    ports.messenger.incoming.push(wrote('OLD', 8), wrote('LESS', 7), wrote('NEW', 0.1));
    const mark = createFakeCatchUpMark(clock.now() - 10 * hour);

    const found = await catchUp(received, { settings, indexes }, mark);
    await world.run();
    const again = await catchUp(received, { settings, indexes }, mark);
    await world.run();

    expect([found, again]).toEqual([
      { found: 3, failed: 0, complete: true },
      { found: 0, failed: 0, complete: true },
    ]);
    expect(world.shown()).toEqual([
      sorry('It reached me too late to act on it: please send it again if you still want it.'),
      'All right.',
    ]);
    expect(world.unfinished()).toEqual([]);
  },
);
