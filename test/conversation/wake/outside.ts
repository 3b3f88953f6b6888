import { MemorySaver } from '@langchain/langgraph';
import { onTestFinished } from 'vitest';
import { createBlindIndexes } from '../../../shared/domain/identity/index.ts';
import { setLogSink } from '../../../shared/telemetry/index.ts';
import { createTestDataKeys } from '../../support/data-keys.ts';
import { createFakeAudit } from '../../support/fakes/fake-audit.ts';
import { createFakeBell } from '../../support/fakes/fake-bell.ts';
import { createFakeBookings, type Settling } from '../../support/fakes/fake-bookings.ts';
import { createFakeClock } from '../../support/fakes/fake-clock.ts';
import { createFakeConversations } from '../../support/fakes/fake-conversations.ts';
import { createFakeIdentities } from '../../support/fakes/fake-identities.ts';
import { createFakeIds } from '../../support/fakes/fake-ids.ts';
import { createFakeMessenger } from '../../support/fakes/fake-messenger.ts';
import { createFakeModel } from '../../support/fakes/fake-model.ts';
import { createFakePause } from '../../support/fakes/fake-pause.ts';
import { createFakePeople } from '../../support/fakes/fake-people.ts';
import { createFakeSignIns } from '../../support/fakes/fake-sign-ins.ts';

/** What every worker of a test shares, and what outlives them. */
export function createOutside(settling: Settling) {
  const clock = createFakeClock();
  const ports = {
    audit: createFakeAudit(),
    bell: createFakeBell(),
    clock,
    conversations: createFakeConversations(),
    dataKeys: createTestDataKeys(clock),
    identities: createFakeIdentities(),
    ids: createFakeIds(),
    messenger: createFakeMessenger(),
    model: createFakeModel(),
    pause: createFakePause(),
    people: createFakePeople(),
    signIns: createFakeSignIns(),
  };
  const indexes = createBlindIndexes(Buffer.alloc(32, 3), 'acme');
  const lines: string[] = [];
  onTestFinished(setLogSink((_level, line) => lines.push(line)));
  const bookings = createFakeBookings({ folds: settling === 'repeat' });
  return { clock, ports, indexes, bookings, checkpointer: new MemorySaver(), lines };
}

export type Outside = ReturnType<typeof createOutside>;
