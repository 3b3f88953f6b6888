import { expect } from 'vitest';
import { askUnasked } from '../../../shared/conversation/ask-unasked.ts';
import { storeMessage, type Stored } from '../../../shared/conversation/store-message.ts';
import { wake } from '../../../shared/conversation/wake.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { ConversationDocument, FailureDocument } from '../../../shared/ports/documents.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { createLife, type Fate, type Life } from '../wake/life.ts';
import { chatId, ref, startWorld, type World } from '../wake/world.ts';

export const lid = chatId.replace('@lid', '');
export const phone = '+15550100001';
export const person = 'acme:person-ana';
/** Ana wrote there under her number, before it was known to be hers. */
export const other = { workspace: 'acme', conversationId: 'acme:ana-by-phone' };
export const done = /^Done: I have erased everything I kept of you/;

export interface Said {
  readonly text?: string;
  readonly whatsappId?: string;
  readonly sentAt?: number;
  readonly lid?: string | undefined;
  readonly phone?: string | undefined;
}

export interface Erasing extends World {
  /** As the webhook stores it, rung for where it was stored. */
  hear(said: Said): Promise<Stored>;
  /** Works off whatever is rung for, as the queue does; the lives one after the other, until their fate has struck. */
  work(lives?: readonly Life[], options?: { losesBells?: boolean; until?: number }): Promise<void>;
}

const graphAway = new AppError('upstream', 'Graph is away', { vendor: 'msgraph' });

/**
 * Ana, signed in, known by lid and phone, with everything that can lie in a conversation; `isBrief`: with a parked turn and
 * no more.
 */
export async function startErasing({ isBrief = false } = {}): Promise<Erasing> {
  const world = await startWorld();
  const erasing = { ...world, hear: (said: Said) => hear(world, said), work: workersOf(world) };
  await makeKnown(world);
  if (!isBrief) {
    await erasing.hear({ text: 'Hello', whatsappId: 'HELLO' });
    await erasing.work();
    await putMore(world);
  }
  // A turn that did half of what it was asked for, and waits.
  world.ports.model.next(asksFor(['book', { subject: 'One' }], ['book', { subject: 'Two' }]));
  world.bookings.nextCreates(undefined, ...Array.from({ length: 9 }, () => ({ fails: graphAway, done: false })));
  await erasing.hear({ text: 'Book two things', whatsappId: 'BOOK' });
  await erasing.work([], { until: world.clock.now() });
  world.ports.messenger.shown.length = 0;
  return erasing;
}

/** The other name, the account, the tokens, the sign-in, and a conversation that became one with this. */
async function makeKnown({ ports, indexes, clock }: World): Promise<void> {
  const [lidId, phoneId, account] = [indexes.lid(lid), indexes.phone(phone), indexes.account('tenant', 'oid')];
  const common = { workspace: 'acme', personId: person, createdAt: 0 };
  const { conversationId } = ref;
  await ports.identities.claim({ ...common, id: phoneId, kind: 'phone', conversationId, pair: lidId });
  await ports.identities.claim({ ...common, id: account, kind: 'account' });
  await ports.identities.update(lidId, { pair: phoneId, formerly: [other.conversationId] });
  const known = await ports.people.load(person);
  if (known) await ports.people.save({ ...known, account, names: [lidId, phoneId] });
  await ports.people.saveTokens({ id: person, personId: person, workspace: 'acme', sealed: 'dA==', expired: false }, undefined);
  const signIn = { id: `sign-in of ${conversationId}`, ...ref, state: 'issued', turnId: 't', issuedAt: 0, issued: [] } as const;
  await ports.signIns.create({ ...signIn, issued: [0], expiresAt: 1, attempts: 0, mailed: false, sealed: 'cw==', ttl: 60 });
  const [id, now] = ['old', clock.now()];
  const sealed = (await ports.dataKeys.keyFor(other.conversationId)).seal({ text: 'Said first', chatId, lid }, id);
  const times = { sentAt: now, arrivedAt: now, dueAt: now };
  await ports.conversations.storeMessage({ ...other, id, type: 'message', kind: 'text', ...times, sealed });
}

/** What nobody asked for, with an approval; a failure; something that nobody can read. */
async function putMore({ ports, clock }: World): Promise<void> {
  const proposals = [{ call: { callId: 'c', name: 'book', arguments: '{}' }, line: 'Book' }];
  const asking = { personId: person, requestId: 'mcp-1', because: 'Asked elsewhere.', approvalMs: 3_600_000, proposals };
  await askUnasked(ports, ref, asking);
  const failure: FailureDocument = {
    ...{ ...ref, id: 'failure:f', type: 'failure', turnId: 'f', at: clock.now(), reason: 'x', messageIds: [] },
  };
  const strange = { ...ref, id: 'strange', type: 'message' } as unknown as ConversationDocument;
  await ports.conversations.createUnasked(ref, [failure, strange]);
}

async function hear({ ports, indexes, clock }: World, said: Said): Promise<Stored> {
  const { text = 'Hello again', whatsappId = text, sentAt = clock.now() } = said;
  const names = { lid, phone, ...said };
  const message = {
    ...({ kind: 'message', wahaSession: 'default', hasMedia: false, chatId } as const),
    ...{ lid: names.lid, phone: names.phone, whatsappId, text, sentAt },
  };
  const options = { settings: { workspace: 'acme', maxAgeMs: 1 }, indexes };
  const stored = await storeMessage(ports, options, { message, signal: new AbortController().signal });
  const { conversationId } = stored;
  if (stored.outcome === 'stored') await ports.bell.ring({ workspace: 'acme', conversationId });
  return stored;
}

function workersOf({ clock, ports, workOf }: World): Erasing['work'] {
  const failed = async (life: Life, where: typeof ref) =>
    wake(workOf(life), where).then(
      () => life.isDead(),
      () => true,
    );
  return async (lives = [], { losesBells = false, until = Infinity } = {}) => {
    const waiting = [...lives];
    for (let bells = 0; bells < 120; bells += 1) {
      const [bell] = ports.bell.rung.sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
      if (!bell || (bell.atMs ?? 0) > until) return;
      ports.bell.rung.shift();
      clock.set(Math.max(clock.now(), bell.atMs ?? 0));
      const life = waiting[0] ?? createLife(clock);
      const isLost = await failed(life, bell.ref);
      if (life.struck() !== undefined) waiting.shift();
      if (isLost && !losesBells) ports.bell.rung.push({ ref: bell.ref, atMs: clock.now() + 30_000 });
    }
    throw new Error('The conversations do not come to rest');
  };
}

/** Somebody whose life ends, or whose call fails, so. */
export function fated({ clock }: World, fate: Fate): Life {
  return createLife(clock, { ...fate, error: new AppError('upstream', 'It is away', { maybeDone: fate.how !== 'refused' }) });
}

/** What holds at the end of an erasure, however it went; `about` says how it did. */
export async function expectErased(world: Erasing, about = ''): Promise<void> {
  const { ports, indexes } = world;
  const gone = async (owner: string) =>
    ports.dataKeys.keyFor(owner).then(
      () => owner,
      () => 'gone',
    );
  const [lidNow, phoneNow, account] = [indexes.lid(lid), indexes.phone(phone), indexes.account('tenant', 'oid')].map((id) =>
    ports.identities.documents.get(id),
  );
  const left = [ref, other].flatMap((where) => ports.conversations.documents(where));

  expect(left, about).toMatchObject([ref, other].map((where) => ({ ...where, id: 'lease', erased: 'done', owner: null })));
  expect(
    left.map(({ dueAt }) => dueAt),
    about,
  ).toEqual([undefined, undefined]);
  expect(
    world.shown().filter((text) => done.test(text)),
    about,
  ).toHaveLength(1);
  expect(await Promise.all([ref.conversationId, other.conversationId, person].map(gone)), about).toEqual([
    'gone',
    'gone',
    'gone',
  ]);
  expect([...ports.people.people, ...ports.people.tokens, ...ports.signIns.documents], about).toEqual([]);
  const lease = left[0]?.type === 'lease' ? left[0] : undefined;
  for (const name of [lidNow, phoneNow]) {
    expect(name, about).toMatchObject({ erasedAt: lease?.erasedAt });
    expect(name, about).not.toHaveProperty('formerly');
    expect([ref.conversationId, other.conversationId], about).not.toContain(name?.conversationId);
  }
  expect(lidNow?.conversationId, about).toBe(phoneNow?.conversationId);
  expect(account?.personId, about).not.toBe(person);
}

/** The lines of the trail, by what they tell. */
export function audited({ ports }: World, what: string) {
  return [...ports.audit.lines.values()].filter((line) => line.what === what);
}
