import { MemorySaver } from '@langchain/langgraph';
import { onTestFinished } from 'vitest';
import type { ConversationSettings } from '../../../shared/conversation/settings.ts';
import type { SignInGate } from '../../../shared/conversation/turn/state.ts';
import type { TurnWork } from '../../../shared/conversation/turn/turn-work.ts';
import { readCommand } from '../../../shared/conversation/commands.ts';
import { createPauseCheck } from '../../../shared/conversation/pause.ts';
import { wake } from '../../../shared/conversation/wake.ts';
import { ringOverdue } from '../../../shared/conversation/ring-overdue.ts';
import type { Role } from '../../../shared/core/roles.ts';
import { createBlindIndexes } from '../../../shared/domain/identity/index.ts';
import { MemoryContent, type ConversationDocument, type MessageDocument } from '../../../shared/ports/documents.ts';
import type { Model } from '../../../shared/ports/model.ts';
import { currentTraceparent, setLogSink } from '../../../shared/telemetry/index.ts';
import type { Tool } from '../../../shared/tools/index.ts';
import { createTestDataKeys } from '../../support/data-keys.ts';
import { createFakeAudit } from '../../support/fakes/fake-audit.ts';
import { createFakeBell } from '../../support/fakes/fake-bell.ts';
import { createBookingTools, createFakeBookings, type Bookings, type Settling } from '../../support/fakes/fake-bookings.ts';
import { createFakeClock } from '../../support/fakes/fake-clock.ts';
import { createFakeConversations } from '../../support/fakes/fake-conversations.ts';
import { createFakeIdentities } from '../../support/fakes/fake-identities.ts';
import { createFakeIds } from '../../support/fakes/fake-ids.ts';
import { createFakeMessenger } from '../../support/fakes/fake-messenger.ts';
import { createFakeModel } from '../../support/fakes/fake-model.ts';
import { createFakePause } from '../../support/fakes/fake-pause.ts';
import { createFakePeople } from '../../support/fakes/fake-people.ts';
import { createFakeSignIns } from '../../support/fakes/fake-sign-ins.ts';
import { createLife, type Life } from './life.ts';

export const ref = { workspace: 'acme', conversationId: 'acme:ana' };
export const chatId = '271828182845901@lid';
const lid = '271828182845901';

const settings: ConversationSettings = {
  workspace: 'acme',
  leaseMs: 20_000,
  beatMs: 7_000,
  marginMs: 3_000,
  vendorTimeoutMs: 15_000,
  turnBudgetMs: 240_000,
  takeoverMs: 15_000,
  parkMs: 15_000,
  maxAgeMs: 6 * 3_600_000,
  transcriptTtlSeconds: 3_600,
  proposeAfterMs: 15 * 60_000,
  approvalMs: 3_600_000,
  rateLimits: { turnsPerHour: 240, tokensPerHour: 1_000_000 },
  maxTurnTokens: 100_000,
};

export interface WorldOptions {
  readonly role?: Role;
  readonly settling?: Settling;
  readonly moreTools?: readonly Tool[];
  readonly settings?: Partial<ConversationSettings>;
  /** Asked instead of the scripted one. */
  readonly model?: Model;
}

/** What every worker of a test shares, and what outlives them. */
function createOutside(settling: Settling) {
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

/** One conversation of Ana's with everything outside the workers in memory, and ways to work on it. */
export async function startWorld(options: WorldOptions = {}) {
  const { settling = 'look-up', moreTools = [] } = options;
  const outside = createOutside(settling);
  const { clock, ports, indexes, bookings, checkpointer } = outside;
  /** A worker that waits moves time on, and whatever was to happen meanwhile happens. */
  const pass = async (delayMs: number) => {
    clock.advance(delayMs);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const closing = new AbortController();
  const workOf = (life: Life): TurnWork => {
    const { audit, ids, bell, conversations, dataKeys, identities, messenger, people, signIns } = ports;
    const pause = life.mortal('pause', ports.pause, ['load']);
    const model: Model = options.model ?? ports.model;
    const reached = { audit, bell, conversations, dataKeys, identities, messenger, model, people, signIns };
    const mortal = Object.entries(reached).map(([name, port]) => [name, life.mortal(name, port)]);
    const vendor: Bookings = life.mortal('bookings', bookings, ['create', 'find', 'list']);
    const saver = life.mortal('checkpointer', checkpointer, ['getTuple', 'put', 'putWrites', 'deleteThread']);
    return {
      ports: { clock: { now: clock.now, sleep: pass }, ids, ...(Object.fromEntries(mortal) as typeof reached) },
      settings: { ...settings, ...options.settings },
      organisation: 'Alder & Finch',
      indexes,
      tools: [...createBookingTools(vendor, settling), ...moreTools],
      checkpointerFor: () => saver,
      closing: closing.signal,
      keepsIds: () => true,
      isPaused: createPauseCheck({ pause, clock }).isPaused,
      roleOf: ({ role }) => Promise.resolve(role),
      signInIdOf: (conversationId) => `sign-in of ${conversationId}`,
      signInFor: () => ({ gate: signIn, renew: () => Promise.resolve('Please sign in again: https://sign-in.example') }),
    };
  };
  await linkAna(outside, options.role ?? 'user');
  return { ...outside, closing, workOf, ...conversationOf(outside), ...workersOf(outside, workOf) };
}

export type World = Awaited<ReturnType<typeof startWorld>>;
type Outside = ReturnType<typeof createOutside>;

const signIn: SignInGate = (caller, messages) => {
  if (messages.some(({ text }) => /^\s*\d{6}\s*$/.test(text))) return Promise.resolve('The code is right.');
  return Promise.resolve(caller ? undefined : 'Please sign in.');
};

async function linkAna({ ports, indexes }: Outside, role: Role): Promise<void> {
  const names = [indexes.lid(lid)];
  const profile = { name: 'Ana Ribeiro', email: 'ana@alderfinch.example', timeZone: 'Europe/Lisbon' };
  const sealed = (await ports.dataKeys.keyFor('acme:person-ana')).seal(profile, 'person');
  const { workspace, conversationId } = ref;
  const person = { id: 'acme:person-ana', workspace, role, homeAccountId: 'home', conversationId, names, linkedAt: 0, sealed };
  await ports.people.save(person);
  await ports.identities.claim({
    id: names[0] ?? '',
    workspace,
    kind: 'lid',
    conversationId,
    personId: person.id,
    createdAt: 0,
  });
}

/** What the conversation is told, and what it holds. */
function conversationOf({ clock, ports }: Outside) {
  let count = 0;
  const documents = <T extends ConversationDocument['type']>(type: T) =>
    ports.conversations
      .documents(ref)
      .filter((document): document is Extract<ConversationDocument, { type: T }> => document.type === type);
  return {
    documents,
    /** A message becomes durable and is rung for, as the webhook sees to it; answers its id. */
    async say(text: string, { kind = 'text' }: { kind?: MessageDocument['kind'] } = {}): Promise<string> {
      const id = `message-${(count += 1)}`;
      const key = await ports.dataKeys.keyFor(ref.conversationId);
      const now = clock.now();
      const sealed = key.seal({ text, chatId, lid }, id);
      const command = readCommand(text);
      const traceparent = currentTraceparent();
      await ports.conversations.storeMessage({
        ...ref,
        id,
        type: 'message',
        kind,
        sentAt: now,
        arrivedAt: now,
        dueAt: now,
        ...(command === undefined ? {} : { command }),
        ...(traceparent === undefined ? {} : { traceparent }),
        sealed,
      });
      await ports.bell.ring(ref);
      return id;
    },
    /** What Ana's phone shows of the assistant, in order. */
    shown: () => ports.messenger.shown.map(({ text }) => text),
    lease: () => documents('lease')[0],
    async memory(): Promise<MemoryContent> {
      const key = await ports.dataKeys.keyFor(ref.conversationId);
      const [document] = documents('memory');
      return document ? MemoryContent.parse(key.open(document.sealed, 'memory')) : { messages: [], summary: '' };
    },
    /** What is still to be done, by id: nothing once all is quiet. */
    unfinished: () =>
      ports.conversations
        .documents(ref)
        .filter((document) => document.dueAt !== undefined || (document.type === 'calls' && document.open))
        .map(({ id }) => id),
  };
}

// More bells than any of these stories needs: a conversation that rings for ever is noticed.
const maxBells = 80;
// How long a broker holds the bell of a worker that is gone.
const lockMs = 30_000;

/** The workers: a broker that repeats the bell of one that failed, as long as there are bells. */
function workersOf({ clock, ports }: Outside, workOf: (life: Life) => TurnWork) {
  const immortal = () => createLife(clock);
  /** Takes the bell that is next, waiting for its time; undefined where none is. */
  const nextBell = () => {
    const [first] = ports.bell.rung.sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
    if (first) ports.bell.rung.splice(ports.bell.rung.indexOf(first), 1);
    return first;
  };
  const deliver = async (life: Life): Promise<'completed' | 'failed'> => {
    try {
      await wake(workOf(life), ref);
    } catch {
      return 'failed';
    }
    return life.isDead() ? 'failed' : 'completed';
  };
  return {
    wakeNow: (life: Life = immortal()) => wake(workOf(life), ref),
    /**
     * Rings and works until no bell is left, as the queue does: the bell of a worker that failed comes again.
     * @param lives The processes, one after the other: each works until its fate has struck; the last lives on.
     * @param options.until Bells after this time stay in the queue.
     * @param options.losesBells The bells of the dead are lost instead.
     */
    async run(lives: readonly Life[] = [], options: { until?: number; losesBells?: boolean } = {}): Promise<void> {
      const waiting = [...lives];
      for (let bells = 0; bells < maxBells; bells += 1) {
        const bell = nextBell();
        if (!bell) return;
        if ((bell.atMs ?? 0) > (options.until ?? Infinity)) return void ports.bell.rung.push(bell);
        if ((bell.atMs ?? 0) > clock.now()) clock.set(bell.atMs ?? 0);
        const life = waiting[0] ?? immortal();
        const ended = await deliver(life);
        if (life.struck() !== undefined) waiting.shift();
        if (ended === 'completed' || options.losesBells) continue;
        ports.bell.rung.push({ ref, atMs: clock.now() + lockMs });
      }
      throw new Error('The conversation does not come to rest');
    },
    /** What the timer does, so many minutes later. */
    async ringOverdue(minutes = 3): Promise<number> {
      clock.advance(minutes * 60_000);
      return (await ringOverdue(ports, { workspace: 'acme', isPaused: createPauseCheck(ports).isPaused })).rung;
    },
  };
}
