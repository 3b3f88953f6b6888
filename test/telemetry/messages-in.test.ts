import { expect } from 'vitest';
import { catchUp } from '../../shared/conversation/catch-up.ts';
import { AppError } from '../../shared/core/errors.ts';
import { snapshotMetrics } from '../../shared/telemetry/index.ts';
import { messageEnvelope, startReceiving } from '../conversation/receiving.ts';
import { createFakeCatchUpMark } from '../support/fakes/fake-catch-up-mark.ts';
import { verifies } from '../verifies.ts';

function countedIn(): number {
  const points = snapshotMetrics().metrics.find(({ name }) => name === 'adjutant.messages')?.points ?? [];
  const point = points.find(({ attributes }) => attributes['direction'] === 'in');
  return point && 'value' in point ? point.value : 0;
}

verifies(
  'telemetry:metrics',
  'a message is counted when it is stored, once, whoever stores it and however that is answered',
  async () => {
    const { ports, options, clock, send } = startReceiving();
    const at = clock.now() - 120_000;
    const envelope = (id: string) => messageEnvelope(at, { id: `false_271828182845901@lid_${id}` });
    const before = countedIn();

    await send(envelope('BROUGHT'));
    ports.bell.failWith(new AppError('upstream', 'servicebus is away', { vendor: 'servicebus' }));
    const { status } = await send(envelope('UNRUNG'));
    ports.bell.failWith(undefined);
    await send(envelope('UNRUNG'));
    const brought = countedIn() - before;
    ports.messenger.incoming.push(envelope('BROUGHT').payload, envelope('LOST').payload);
    await catchUp(ports, options, createFakeCatchUpMark());

    expect(status).toBe(503);
    expect([brought, countedIn() - before]).toEqual([2, 3]);
  },
);
