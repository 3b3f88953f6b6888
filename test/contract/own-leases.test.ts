import { expect } from 'vitest';
import { createCosmosConversations } from '../../shared/adapters/cosmos/conversations.ts';
import { createCosmosOwnLeases } from '../../shared/adapters/cosmos/own-leases.ts';
import type { Conversations } from '../../shared/ports/conversations.ts';
import type { OwnLeases } from '../../shared/ports/own-leases.ts';
import { startCosmos } from '../support/cosmos.ts';
import { createFakeConversations } from '../support/fakes/fake-conversations.ts';
import { createFakeOwnLeases } from '../support/fakes/fake-own-leases.ts';
import { verifies } from '../verifies.ts';
import { now, owner, release, rival } from './conversations/implementations.ts';

interface Started {
  readonly conversations: Conversations;
  readonly ownLeases: OwnLeases;
  ttl(): Promise<unknown>;
}

// With slashes, as no id of a document may have them and the value of a partition key may.
const ref = { workspace: 'acme', conversationId: 'acme:mcp/person/key' };

const implementations: Readonly<Record<string, () => Promise<Started>>> = {
  memory: () => {
    const conversations = createFakeConversations();
    const ttl = () => Promise.resolve(conversations.document(ref, 'lease')?.ttl);
    return Promise.resolve({ conversations, ownLeases: createFakeOwnLeases(conversations), ttl });
  },
  cosmos: async () => {
    const { cosmos } = await startCosmos();
    return {
      conversations: createCosmosConversations(cosmos),
      ownLeases: createCosmosOwnLeases(cosmos),
      async ttl() {
        const { resource } = await cosmos.container('conversations').item('lease', ref.conversationId).read<{ ttl?: number }>();
        return resource?.ttl;
      },
    };
  },
};

for (const [name, start] of Object.entries(implementations)) {
  const wanted = (who: string, at = now) => ({ owner: who, until: at + 20_000, now: at });

  verifies('mcp:own-leases', `${name}: what is no conversation has a lease once it was opened, and no sooner`, async () => {
    const { conversations, ownLeases, ttl } = await start();
    const before = await conversations.takeLease(ref, wanted(owner));

    await ownLeases.open(ref, { ttlSeconds: 3_600 });

    const taken = await conversations.takeLease(ref, wanted(owner));
    expect(before).toEqual({ kind: 'absent' });
    expect(taken).toMatchObject({ kind: 'taken', lease: { ...ref, owner, epoch: 1, attempts: 1 } });
    expect(await ttl()).toBe(3_600);
  });

  verifies('mcp:own-leases', `${name}: one that is there is left as it is`, async () => {
    const { conversations, ownLeases, ttl } = await start();
    await ownLeases.open(ref, { ttlSeconds: 3_600 });
    const taken = await conversations.takeLease(ref, wanted(owner));
    if (taken.kind !== 'taken') throw new Error(`The lease is ${taken.kind}`);

    await ownLeases.open(ref, { ttlSeconds: 60 });

    expect(await conversations.takeLease(ref, wanted(rival))).toEqual({ kind: 'busy', until: now + 20_000 });
    await conversations.commit(taken.lease, { after: release, changes: [] });
    expect(await conversations.takeLease(ref, wanted(rival))).toMatchObject({ kind: 'taken', lease: { epoch: 2, attempts: 1 } });
    expect(await ttl()).toBe(3_600);
  });
}
