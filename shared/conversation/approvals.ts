import { createHash } from 'node:crypto';
import { deriveId } from '../core/ids.ts';
import type { ConversationRef } from '../ports/bell.ts';
import type { Change } from '../ports/conversations.ts';
import type { DataKey } from '../ports/data-keys.ts';
import { ApprovalContent, type ApprovalDocument, type RecordedCall } from '../ports/documents.ts';
import { errorFields, log } from '../telemetry/index.ts';

/** A call that the person is asked about first, and what it would do, in words of our code. */
export interface Proposal {
  readonly call: RecordedCall;
  readonly line: string;
}

/** An approval as it was opened. */
export interface OpenApproval extends ApprovalContent {
  readonly document: ApprovalDocument;
}

export interface NewApproval {
  readonly turnId: string;
  readonly personId: string;
  readonly proposals: readonly Proposal[];
  readonly now: number;
  readonly expiresAt: number;
  readonly unasked?: boolean;
}

// What nobody answered goes by itself, a day after its time was up.
const keptSeconds = 86_400;

// WhatsApp dates by whole seconds.
const datedWithinMs = 1_000;

/** The document under which exactly these calls wait for a yes; its id is made from the turn that asked and from them. */
export function createApproval(ref: ConversationRef, key: DataKey, approval: NewApproval): ApprovalDocument {
  const { turnId, personId, proposals, now, expiresAt, unasked = false } = approval;
  const calls = proposals.map(({ call }) => call);
  const approvalId = deriveId('approval', turnId, hashOf(calls));
  const id = `approval:${approvalId}`;
  return {
    workspace: ref.workspace,
    conversationId: ref.conversationId,
    id,
    type: 'approval',
    approvalId,
    turnId,
    createdAt: now,
    expiresAt,
    open: true,
    ttl: Math.ceil((expiresAt - now) / 1_000) + keptSeconds,
    personId,
    ...(unasked ? { unasked } : {}),
    tools: calls.map(({ name }) => name),
    sealed: key.seal({ calls, lines: proposals.map(({ line }) => line) } satisfies ApprovalContent, id),
  };
}

/** The change that decides an approval, whichever way: it opens nothing any more. @param followedBy The turn of a yes. */
export function closeApproval({ id }: ApprovalDocument, ttl: number, followedBy?: string): Change {
  const decision = followedBy === undefined ? { declined: true } : { followedBy };
  return { kind: 'patch', id, set: { open: false, ttl, ...decision } };
}

/** The changes that come with a question's sending: from then on it can be answered by a bare yes. */
export function noteShown(sent: Change | undefined, asked: readonly string[], now: number): Change[] {
  if (sent?.kind !== 'patch' || sent.set['state'] !== 'sent') return [];
  return asked.map((id) => ({ kind: 'patch', id, set: { shownAt: now } }));
}

/** Opens those that can be read; one that cannot is as good as declined. */
export function openApprovals(documents: readonly ApprovalDocument[], key: DataKey): OpenApproval[] {
  return documents.flatMap((document) => {
    try {
      return [{ document, ...ApprovalContent.parse(key.open(document.sealed, document.id)) }];
    } catch (error) {
      log('error', 'approval.unreadable', { approval: document.approvalId, ...errorFields(error) });
      return [];
    }
  });
}

/** What a person's message decides about what waits for their yes. */
export type Decision =
  | { readonly kind: 'run'; readonly approval: OpenApproval }
  | { readonly kind: 'decline'; readonly approval: OpenApproval }
  /** Several wait, or somebody outside asked, and the message does not say which. */
  | { readonly kind: 'which'; readonly approvals: readonly OpenApproval[] };

const answer =
  /^(?:(?<yes>y|yes|yes please|ok|okay|sure|do it|go ahead|confirm|confirmed)|(?<no>n|no|no thanks|don['’]t|decline))(?:,? (?:number |no\. |#)?(?<number>\d{1,3}))?[.!]*$/i;

/**
 * Reads a whole message as a yes or a no to what waits, by number where several do; undefined where it is neither, or
 * nothing waits. Only the person who was asked decides, and only until the time was up when they wrote.
 * @param given.lastSaidAt When the assistant had last said anything as they wrote: a bare yes is to that.
 */
export function decide(
  text: string,
  approvals: readonly OpenApproval[],
  { personId, sentAt, lastSaidAt }: { personId: string; sentAt: number; lastSaidAt: number },
): Decision | undefined {
  const found = answer.exec(text.trim());
  const waiting = approvals.filter(({ document }) => {
    const wasAsked = document.createdAt < sentAt + datedWithinMs;
    return document.personId === personId && document.expiresAt >= sentAt && wasAsked;
  });
  if (!found || waiting.length === 0) return undefined;
  const number = found.groups?.['number'];
  const [named, ...more] = waiting.filter(({ document }) => number === undefined || numberOf(document) === Number(number));
  const kind = found.groups?.['yes'] === undefined ? 'decline' : 'run';
  // A no does no harm where the talk has gone on.
  const since = kind === 'run' ? lastSaidAt : 0;
  const isClear = more.length === 0 && (number !== undefined || (named && isMeantByItself(named, { since, sentAt })));
  const approval = isClear ? named : undefined;
  return approval ? { kind, approval } : { kind: 'which', approvals: waiting };
}

/**
 * Whether a bare answer can only be one to this: they asked for it, had read the question when they wrote, and were told
 * nothing else after it.
 */
function isMeantByItself(
  { document: { unasked = false, shownAt = Infinity } }: OpenApproval,
  { since, sentAt }: { since: number; sentAt: number },
): boolean {
  return !unasked && shownAt < sentAt + datedWithinMs && shownAt >= since;
}

/** By what an approval is told from others: its own for good, so that what was shown never comes to mean another. */
export function numberOf({ approvalId }: Pick<ApprovalDocument, 'approvalId'>): number {
  return 100 + (Number.parseInt(approvalId.slice(0, 8), 16) % 900);
}

/** The question, below whatever else is said. `number` is there where several wait. */
export function askFor(lines: readonly string[], number?: number): string {
  const [yes, no] = number === undefined ? ['yes', 'no'] : [`yes ${number}`, `no ${number}`];
  return [...lines.map((line) => `• ${line}`), `Answer “${yes}” and I do exactly this, or “${no}” to leave it.`].join('\n');
}

function hashOf(calls: readonly RecordedCall[]): string {
  return createHash('sha256').update(JSON.stringify(calls)).digest('hex');
}
