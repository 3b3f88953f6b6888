import type { PersonCaller } from '../core/caller.ts';
import { AppError } from '../core/errors.ts';
import { openAnswers } from '../conversation/calls.ts';
import type { ConversationRef } from '../ports/bell.ts';
import type { CallResult, CallsDocument } from '../ports/documents.ts';
import type { Ports } from '../ports/index.ts';
import { ConfirmationRequired } from '../tools/mcp-remote.ts';

type OutcomePorts = Pick<Ports, 'clock' | 'conversations' | 'dataKeys' | 'people'>;

// A turn of a yes takes seconds, unless it is parked.
const lookAgainMs = 5_000;

/**
 * What came by now of a call that the person was asked about: the same as before while nobody decided, and what was done
 * in the turn of their yes.
 * @throws {AppError} `forbidden` where they said no, `too-late` where they said nothing in time, `lease-lost` with a wait
 *   while it is being done, `unknown-outcome` where what stands in their conversation does not tell.
 */
export async function outcomeOf(
  ports: OutcomePorts,
  { caller, asked, signal }: { caller: PersonCaller; asked: CallResult; signal: AbortSignal },
): Promise<CallResult> {
  const { approvalId } = ConfirmationRequired.parse(JSON.parse(asked.output));
  const person = await ports.people.load(caller.personId, signal);
  if (person?.conversationId === undefined) throw untold();
  const ref = { workspace: person.workspace, conversationId: person.conversationId };
  const found = await ports.conversations.findApproval(ref, approvalId, signal);
  if (!found) throw untold();
  const { approval, answer } = found;
  if (approval.open && approval.expiresAt >= ports.clock.now()) return asked;
  if (approval.open) throw new AppError('too-late', 'Not done: the person did not say yes in time. A new call asks them again');
  if (approval.declined === true) throw new AppError('forbidden', 'Not done: the person said no in their chat');
  if (!answer) throw untold();
  return resultOf(ports, ref, { answer, signal });
}

async function resultOf(
  { dataKeys }: OutcomePorts,
  { conversationId }: ConversationRef,
  { answer, signal }: { answer: CallsDocument; signal: AbortSignal },
): Promise<CallResult> {
  const [opened] = openAnswers([answer], await dataKeys.keyFor(conversationId, signal), answer.turnId);
  const [result] = opened?.results ?? [];
  if (result) return result;
  if (!answer.open || answer.ended === true) throw untold();
  const message = 'The person said yes, and it is being done: try again with the same key after the wait';
  throw new AppError('lease-lost', message, { retryAfterMs: lookAgainMs });
}

function untold(): AppError {
  return new AppError('unknown-outcome', 'What came of it cannot be told from here: the person finds it in their chat');
}
