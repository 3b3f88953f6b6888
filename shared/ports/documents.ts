import { z } from 'zod';
import { Common } from './common-document.ts';
import { ErasureDocument } from './erasure-document.ts';

export { ErasureDocument };

/** What a person may still make us do: levels at the time `at`, refilled as time passes; see `rate-buckets.ts`. */
export const Buckets = z.object({ at: z.number(), turns: z.number(), tokens: z.number() });
export type Buckets = z.infer<typeof Buckets>;

/** Who works on the conversation. Free: `owner` null; held until `until`; not to be taken before `until` in any case. */
export const LeaseDocument = Common.extend({
  id: z.literal('lease'),
  type: z.literal('lease'),
  owner: z.string().nullable(),
  /** Counted up by each taking: fences what an earlier owner still sends. */
  epoch: z.int(),
  until: z.number(),
  /** Takings since the last orderly release. */
  attempts: z.int(),
  /** `erased` from the moment erasure was asked for, `done` once nothing is left but this tombstone. */
  erased: z.enum(['erased', 'done']).optional(),
  erasedAt: z.number().optional(),
  /** How many messages are due: beyond a bound no more are taken. */
  waiting: z.int().optional(),
  buckets: Buckets.optional(),
});
export type LeaseDocument = z.infer<typeof LeaseDocument>;

/** What a person may say that is worked on before everything else that waits, without a model. */
export const Command = z.enum(['code', 'stop', 'start', 'cancel', 'erase', 'erase-everything']);
export type Command = z.infer<typeof Command>;

/** One message that came in. Its id is the message key, so that a repeat meets a conflict. */
export const MessageDocument = Common.extend({
  id: z.string(),
  type: z.literal('message'),
  kind: z.enum(['text', 'media', 'signed-in']),
  /** WhatsApp's timestamp and the time of becoming durable. */
  sentAt: z.number(),
  arrivedAt: z.number(),
  /** Read from its text when it came in: it passes what is parked. */
  command: Command.optional(),
  /** Conversations merged into this one of late: what is due in them comes first. */
  after: z.array(z.string()).optional(),
  /** The turn that took it; set by that turn's first fenced batch. */
  turnId: z.string().optional(),
  /** The number of the run of that turn: 0, and one more for each replay. */
  run: z.int().optional(),
  /** When it was last made due again by a replay: it is as young as that. */
  replayedAt: z.number().optional(),
  /** How often its turn was parked, and why the last time. */
  attempt: z.int().optional(),
  reason: z.string().optional(),
  /** Whether the person was told that it waits. */
  told: z.boolean().optional(),
  /** The W3C trace it began. */
  traceparent: z.string().optional(),
  /** `MessageContent`, sealed. */
  sealed: z.string(),
});
export type MessageDocument = z.infer<typeof MessageDocument>;

export const MessageContent = z.object({
  text: z.string(),
  /** Where the answer goes: the chat as WhatsApp named it. */
  chatId: z.string(),
  /** Digits; at least one of the two is known. */
  lid: z.string().optional(),
  phone: z.string().optional(),
});
export type MessageContent = z.infer<typeof MessageContent>;

/** One answer of the model that holds writes, recorded before the first of its calls is performed. */
export const CallsDocument = Common.extend({
  /** `<turn>:<n>`. */
  id: z.string(),
  type: z.literal('calls'),
  turnId: z.string(),
  /** Counts the recorded answers of the turn, from 0. */
  n: z.int(),
  /** True until the turn ended and what it did stands in the audit trail. */
  open: z.boolean(),
  /** True once the turn ended: all that is left to do is its audit lines. */
  ended: z.boolean().optional(),
  /** When it was recorded, and for whom: for those lines. */
  at: z.number().optional(),
  personId: z.string().optional(),
  /** True where the person said yes to exactly these calls. */
  approved: z.boolean().optional(),
  /** The run of the turn that holds them, where it is not the first. */
  run: z.int().optional(),
  tools: z.array(z.string()),
  /** `RecordedCall[]`, sealed. */
  sealed: z.string(),
  /** `CallResult[]`, sealed; those that are final and that a batch has carried. */
  results: z.string().optional(),
});
export type CallsDocument = z.infer<typeof CallsDocument>;

export const RecordedCall = z.object({ callId: z.string(), name: z.string(), arguments: z.string() });
export type RecordedCall = z.infer<typeof RecordedCall>;

/** How a call ended. `unknown`: a write that may or may not have been done; `proposed`: one that the person is asked about first. */
export const CallResult = z.object({
  callId: z.string(),
  name: z.string(),
  effect: z.enum(['read', 'write']),
  status: z.enum(['done', 'failed', 'unknown', 'proposed']),
  /** What the model is shown: JSON text. */
  output: z.string(),
  /** The line that tells the person of a write, made by our code from the result. */
  receipt: z.string().optional(),
});
export type CallResult = z.infer<typeof CallResult>;

/** A part of a reply. `ack`: −1 error, 0 none yet, 1 server, 2 device, 3 read, 4 played; only ever moves forward, −1 between 1 and 2. */
export const ReplyPart = z.object({
  whatsappId: z.string(),
  state: z.enum(['due', 'sent', 'uncertain', 'dropped']),
  ack: z.int(),
  sentAt: z.number().optional(),
});
export type ReplyPart = z.infer<typeof ReplyPart>;

/** What is to be said, created in the batch that ends the turn and sent through the send gate. */
export const ReplyDocument = Common.extend({
  id: z.string(),
  type: z.literal('reply'),
  turnId: z.string(),
  state: z.enum(['held', 'due', 'sent', 'uncertain', 'dropped']),
  parts: z.array(ReplyPart),
  /** The owner and epoch under which it was created: only that worker may send without a look-up. */
  createdBy: z.object({ owner: z.string(), epoch: z.int() }),
  createdAt: z.number(),
  attempt: z.int(),
  traceparent: z.string().optional(),
  linkPreview: z.boolean(),
  /** True where nobody asked for it: after STOP it is not sent. */
  unasked: z.boolean().optional(),
  /** `ReplyContent`, sealed. */
  sealed: z.string(),
});
export type ReplyDocument = z.infer<typeof ReplyDocument>;

export const ReplyContent = z.object({ chatId: z.string(), texts: z.array(z.string()) });
export type ReplyContent = z.infer<typeof ReplyContent>;

/** The last messages and the running summary: read once and rewritten once a turn. */
export const MemoryDocument = Common.extend({
  id: z.literal('memory'),
  type: z.literal('memory'),
  turns: z.int(),
  /** `MemoryContent`, sealed. */
  sealed: z.string(),
});
export type MemoryDocument = z.infer<typeof MemoryDocument>;

export const MemoryContent = z.object({
  messages: z.array(z.object({ role: z.enum(['user', 'assistant']), text: z.string(), at: z.number() })),
  summary: z.string(),
  /** The chat as WhatsApp named it last: where something unasked would go. */
  chatId: z.string().optional(),
});
export type MemoryContent = z.infer<typeof MemoryContent>;

export const PreferencesDocument = Common.extend({
  id: z.literal('preferences'),
  type: z.literal('preferences'),
  /** STOP was said: nothing is sent unasked. */
  stopped: z.boolean(),
});
export type PreferencesDocument = z.infer<typeof PreferencesDocument>;

/** A turn that failed for good: listed and replayed by an admin. */
export const FailureDocument = Common.extend({
  /** `failure:<turn>`. */
  id: z.string(),
  type: z.literal('failure'),
  turnId: z.string(),
  at: z.number(),
  reason: z.string(),
  messageIds: z.array(z.string()),
  /** The run that failed: 0, and one more for each replay. */
  run: z.int().optional(),
  /** When this very failure was replayed; absent while nobody did, and again after the next. */
  replayedAt: z.number().optional(),
  /** The key of that replay: who asks again under it learns that it was their own. */
  replayKey: z.string().optional(),
});
export type FailureDocument = z.infer<typeof FailureDocument>;

/** Calls that wait for the person's yes: exactly these, with these arguments, until then. */
export const ApprovalDocument = Common.extend({
  /** `approval:<approvalId>`. */
  id: z.string(),
  type: z.literal('approval'),
  approvalId: z.string(),
  /** The turn or the request that asked. */
  turnId: z.string(),
  createdAt: z.number(),
  /** A yes that was said later does nothing. */
  expiresAt: z.number(),
  /** True until it was decided, or replaced. */
  open: z.boolean(),
  /** True where somebody outside the chat asked: a yes must name its number, because a bare one may mean another thing. */
  unasked: z.boolean().optional(),
  /** The person who may say yes: the one linked to this conversation, still. */
  personId: z.string(),
  tools: z.array(z.string()),
  /** `ApprovalContent`, sealed. */
  sealed: z.string(),
});
export type ApprovalDocument = z.infer<typeof ApprovalDocument>;

export const ApprovalContent = z.object({
  calls: z.array(RecordedCall),
  /** What each call would do, in words: one line each, made by our code. */
  lines: z.array(z.string()),
});
export type ApprovalContent = z.infer<typeof ApprovalContent>;

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
