import { expect } from 'vitest';
import { createServiceBusBell } from '../../shared/adapters/servicebus/bell.ts';
import type { Bell, ConversationRef } from '../../shared/ports/bell.ts';
import { startServiceBus } from '../sandbox/servicebus/start.ts';
import { createFakeBell } from '../support/fakes/fake-bell.ts';
import { verifies } from '../verifies.ts';

interface Started {
  readonly bell: Bell;
  /** What was rung for now, and what for later. */
  counts(): { active: number; scheduled: number };
  /** Takes the next `count` bells that ring now. */
  hear(count: number): Promise<ConversationRef[]>;
}

const implementations: Readonly<Record<string, () => Promise<Started>>> = {
  memory: () => {
    const bell = createFakeBell();
    const isLater = ({ atMs = 0 }: { atMs: number | undefined }) => atMs > Date.now();
    return Promise.resolve({
      bell,
      counts: () => ({ active: bell.rung.filter((one) => !isLater(one)).length, scheduled: bell.rung.filter(isLater).length }),
      hear: () => Promise.resolve(bell.rung.filter((one) => !isLater(one)).map(({ ref }) => ref)),
    });
  },
  servicebus: async () => {
    const { bus, receiver } = await startServiceBus();
    const bell = createServiceBusBell({
      connectionString: bus.connectionString,
      fullyQualifiedNamespace: undefined,
      managedIdentityClientId: undefined,
      queue: 'bells',
      timeoutMs: 2_000,
    });
    return {
      bell,
      counts: () => {
        const [queue] = bus.queues();
        return { active: queue?.active ?? 0, scheduled: queue?.scheduled ?? 0 };
      },
      async hear(count) {
        const messages = await receiver.receiveMessages(count, { maxWaitTimeInMs: 2_000 });
        await bell.close();
        return messages.map(({ body }) => body as ConversationRef);
      },
    };
  },
};

const one = { workspace: 'acme', conversationId: 'acme:123' };

for (const [name, start] of Object.entries(implementations)) {
  verifies('adapters:bell', `${name}: a bell names the conversation, as the same text, and nothing else`, async () => {
    const { bell, hear } = await start();

    await bell.ring({ ...one, text: 'secret' } as ConversationRef);

    expect(await hear(1)).toEqual([one]);
  });

  verifies('adapters:bell', `${name}: a bell for later does not ring now`, async () => {
    const { bell, counts, hear } = await start();

    await bell.ring(one, { atMs: Date.now() + 60_000 });
    await bell.ring(one);

    expect(counts()).toEqual({ active: 1, scheduled: 1 });
    expect(await hear(1)).toEqual([one]);
  });

  verifies('adapters:bell', `${name}: many are rung at once, none is nothing`, async () => {
    const { bell, hear, counts } = await start();
    const many = Array.from({ length: 500 }, (_, index) => ({ workspace: 'acme', conversationId: `acme:${index}` }));

    await bell.ringAll([]);
    await bell.ringAll(many);

    expect(counts()).toEqual({ active: 500, scheduled: 0 });
    expect((await hear(500)).length).toBeGreaterThan(0);
  });
}
