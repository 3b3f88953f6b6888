import type { ConversationSettings } from '../../../shared/conversation/settings.ts';
import { createLeaseEnds, type LeaseEnds } from '../../../shared/conversation/lease-ends.ts';
import { createPauseCheck } from '../../../shared/conversation/pause.ts';
import type { SignInGate } from '../../../shared/conversation/turn/state.ts';
import type { TurnWork } from '../../../shared/conversation/turn/turn-work.ts';
import type { Role } from '../../../shared/core/roles.ts';
import type { Model } from '../../../shared/ports/model.ts';
import type { Tool } from '../../../shared/tools/index.ts';
import { createBookingTools, type Bookings, type Settling } from '../../support/fakes/fake-bookings.ts';
import type { Life } from './life.ts';
import type { Outside } from './outside.ts';

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
  /** Of one process that takes every bell; else each bell is taken by another. */
  readonly leaseEnds?: LeaseEnds;
  /** Asked instead of the scripted one. */
  readonly model?: Model;
}

/** What a worker works with: all it reaches lives as long as it does. */
export const turnWorkOf =
  ({ clock, ports, indexes, bookings, checkpointer }: Outside, closing: AbortController, options: WorldOptions) =>
  (life: Life): TurnWork => {
    const { settling = 'look-up', moreTools = [] } = options;
    /** A worker that waits moves time on, and whatever was to happen meanwhile happens. */
    const pass = async (delayMs: number) => {
      clock.advance(delayMs);
      await new Promise((resolve) => setImmediate(resolve));
    };
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
      leaseEnds: options.leaseEnds ?? createLeaseEnds(),
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

const signIn: SignInGate = (caller, messages) => {
  if (messages.some(({ text }) => /^\s*\d{6}\s*$/.test(text))) return Promise.resolve('The code is right.');
  return Promise.resolve(caller ? undefined : 'Please sign in.');
};
