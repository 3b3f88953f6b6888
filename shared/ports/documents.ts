import { z } from 'zod';
import { ApprovalDocument } from './documents/approval.ts';
import { CallsDocument } from './documents/calls.ts';
import { ErasureDocument } from './documents/erasure.ts';
import { FailureDocument } from './documents/failure.ts';
import { LeaseDocument } from './documents/lease.ts';
import { MemoryDocument } from './documents/memory.ts';
import { MessageDocument } from './documents/message.ts';
import { PreferencesDocument } from './documents/preferences.ts';
import { ReplyDocument } from './documents/reply.ts';

export * from './documents/approval.ts';
export * from './documents/calls.ts';
export * from './documents/erasure.ts';
export * from './documents/failure.ts';
export * from './documents/lease.ts';
export * from './documents/memory.ts';
export * from './documents/message.ts';
export * from './documents/preferences.ts';
export * from './documents/reply.ts';

/** Whatever lies in a conversation's partition: each kind stands in a file of its own in `documents/`. */
export const ConversationDocument = z.discriminatedUnion('type', [
  LeaseDocument,
  MessageDocument,
  CallsDocument,
  ReplyDocument,
  MemoryDocument,
  PreferencesDocument,
  FailureDocument,
  ApprovalDocument,
  ErasureDocument,
]);
export type ConversationDocument = z.infer<typeof ConversationDocument>;
