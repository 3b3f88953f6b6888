import { createCosmosConversations } from '../../../shared/adapters/cosmos/conversations.ts';
import type { ConversationRef } from '../../../shared/ports/bell.ts';
import type { Conversations, Lease } from '../../../shared/ports/conversations.ts';
import {
  ConversationDocument,
  type CallsDocument,
  type LeaseDocument,
  type MessageDocument,
  type ReplyDocument,
} from '../../../shared/ports/documents.ts';
import { startCosmos } from '../../support/cosmos.ts';
import { createFakeConversations } from '../../support/fakes/fake-conversations.ts';

export interface Started {
  readonly conversations: Conversations;
  /** A document as it is stored. */
  document(ref: ConversationRef, id: string): Promise<ConversationDocument | undefined>;
}

/** Every implementation of the port; each runs the whole suite. */
export const implementations: Readonly<Record<string, () => Promise<Started>>> = {
  memory: () => {
    const conversations = createFakeConversations();
    return Promise.resolve({ conversations, document: (ref, id) => Promise.resolve(conversations.document(ref, id)) });
  },
  cosmos: async () => {
    const { cosmos } = await startCosmos();
    const item = (ref: ConversationRef, id: string) => cosmos.container('conversations').item(id, ref.conversationId);
    return {
      conversations: createCosmosConversations(cosmos),
      async document(ref, id) {
        const { resource } = await item(ref, id).read<ConversationDocument>();
        return resource && ConversationDocument.parse(resource);
      },
    };
  },
};

export const ref: ConversationRef = { workspace: 'acme', conversationId: 'acme:c1' };
export const now = Date.UTC(2026, 10, 21, 9, 30);
export const owner = 'a'.repeat(32);
export const rival = 'b'.repeat(32);

export function messageOf(id: string, more: Partial<MessageDocument> = {}): MessageDocument {
  return { ...ref, id, type: 'message', kind: 'text', sentAt: now, arrivedAt: now, dueAt: now, sealed: 'c2VhbGVk', ...more };
}

export function replyOf(id: string, more: Partial<ReplyDocument> = {}): ReplyDocument {
  return {
    ...ref,
    id,
    type: 'reply',
    turnId: 't1',
    state: 'due',
    parts: [
      { whatsappId: `${id}-0`, state: 'due', ack: 0 },
      { whatsappId: `${id}-1`, state: 'due', ack: 0 },
    ],
    createdBy: { owner, epoch: 1 },
    createdAt: now,
    dueAt: now,
    attempt: 0,
    linkPreview: false,
    sealed: 'c2VhbGVk',
    ...more,
  };
}

export function callsOf(n: number, more: Partial<CallsDocument> = {}): CallsDocument {
  return {
    ...ref,
    id: `t1:${n}`,
    type: 'calls',
    turnId: 't1',
    n,
    open: true,
    tools: ['calendar_create_event'],
    sealed: 'c2VhbGVk',
    ...more,
  };
}

/** A conversation with these messages, its lease taken. */
export async function startHeld(start: () => Promise<Started>, messages: readonly MessageDocument[] = [messageOf('m1')]) {
  const started = await start();
  for (const message of messages) await started.conversations.storeMessage(message);
  const lease = await takeAs(started.conversations, owner);
  const leaseDocument = async () => (await started.document(ref, 'lease')) as LeaseDocument;
  return { ...started, lease, leaseDocument };
}

export async function takeAs(conversations: Conversations, who: string, at = now): Promise<Lease> {
  const taking = await conversations.takeLease(ref, { owner: who, until: at + 20_000, now: at });
  if (taking.kind !== 'taken') throw new Error(`The lease is ${taking.kind}`);
  return taking.lease;
}

export const hold = (until: number) => ({ kind: 'hold', until }) as const;
export const release = { kind: 'release', notBefore: 0, keepAttempts: false } as const;
