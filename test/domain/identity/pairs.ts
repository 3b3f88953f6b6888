import { createWahaWebhookReader } from '../../../shared/adapters/waha/webhook-reader.ts';
import { storeMessage } from '../../../shared/conversation/store-message.ts';
import { cacheIdentities, cacheLookUps, createBlindIndexes } from '../../../shared/domain/identity/index.ts';
import type { Identities } from '../../../shared/ports/people.ts';
import type { IncomingMessage } from '../../../shared/ports/webhook-reader.ts';
import { createTestDataKeys } from '../../support/data-keys.ts';
import { createFakeBell } from '../../support/fakes/fake-bell.ts';
import { createFakeClock } from '../../support/fakes/fake-clock.ts';
import { createFakeConversations } from '../../support/fakes/fake-conversations.ts';
import { createFakeIdentities } from '../../support/fakes/fake-identities.ts';
import { createFakeMessenger } from '../../support/fakes/fake-messenger.ts';

export const lid = '271828182845901';
export const phone = '+15550100001';

export interface Names {
  readonly lid?: string;
  readonly phone?: string;
}
export const byLid: Names = { lid };
export const byPhone: Names = { phone };
export const byBoth: Names = { lid, phone };

/** The same numbers for the same seed (mulberry32), so that a failing order can be played again. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Each call waits for its turn by chance, before and after, so that parallel webhooks cross in every way. */
function shuffled(identities: Identities, random: () => number): Identities {
  const wait = async () => {
    for (let turns = Math.floor(random() * 4); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const around = async <T>(run: () => Promise<T>) => {
    await wait();
    const result = await run();
    await wait();
    return result;
  };
  return {
    load: (id) => around(() => identities.load(id)),
    claim: (identity) => around(() => identities.claim(identity)),
    loadCurrent: (id) => around(() => identities.loadCurrent(id)),
    update: (id, set) => around(() => identities.update(id, set)),
    change: (current, set) => around(() => identities.change(current, set)),
  };
}

/** The store behind the webhook; `write` is a message that reached us under these names. */
export function startPairs(seed = 1, { isCached = false } = {}) {
  const clock = createFakeClock();
  const indexes = createBlindIndexes(Buffer.alloc(32, 3), 'acme');
  const [identities, conversations, messenger] = [createFakeIdentities(), createFakeConversations(), createFakeMessenger()];
  const stored = shuffled(identities, seeded(seed));
  const remembered = isCached ? cacheIdentities(stored, clock) : stored;
  const lookUps = isCached ? cacheLookUps({ messenger, identities: remembered, clock }, indexes) : {};
  const ports = {
    clock,
    bell: createFakeBell(),
    conversations,
    messenger: isCached ? { ...messenger, ...lookUps } : messenger,
    dataKeys: createTestDataKeys(clock),
    identities: remembered,
    webhookReader: createWahaWebhookReader({ hmacKeys: ['k'], wahaSession: 'default' }),
  };
  const options = { settings: { workspace: 'acme', maxAgeMs: 1 }, indexes };
  const write = (names: Names, whatsappId = '3EB0A') => {
    const message: IncomingMessage = {
      kind: 'message',
      wahaSession: 'default',
      whatsappId,
      chatId: names.lid === undefined ? `${(names.phone ?? '').slice(1)}@c.us` : `${names.lid}@lid`,
      lid: names.lid,
      phone: names.phone,
      text: 'hello',
      hasMedia: false,
      sentAt: clock.now(),
    };
    return storeMessage(ports, options, { message, signal: new AbortController().signal });
  };
  const identityOf = (names: Names) =>
    identities.documents.get(names.lid === undefined ? indexes.phone(names.phone ?? '') : indexes.lid(names.lid));
  const link = (names: Names, personId: string) => {
    const found = identityOf(names);
    if (found) identities.documents.set(found.id, { ...found, personId });
  };
  return { clock, indexes, identities, conversations, messenger, ports, write, identityOf, link };
}
