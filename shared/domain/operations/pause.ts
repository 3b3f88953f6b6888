import type { PersonCaller } from '../../core/caller.ts';
import type { Ports } from '../../ports/index.ts';
import type { Operation } from '../../ports/operation.ts';
import type { PauseState } from '../../ports/pause.ts';

/** How it stands after a pause or a resume; `changed` is false where it stood so before. */
export interface PauseOutcome {
  readonly state: PauseState;
  readonly changed: boolean;
}

/**
 * Pauses or resumes the work on all conversations. Nothing is lost meanwhile: messages are stored, and what is overdue
 * afterwards is rung for steadily. The chat of the admin who pauses is worked all the same, so that they can resume there.
 * @throws {AppError} as `Pause` and `People`.
 */
export async function setPaused(
  ports: Pick<Ports, 'pause' | 'people'>,
  { caller, now, paused }: { caller: PersonCaller; now: number; paused: boolean },
  { operation, signal }: { operation: Operation; signal: AbortSignal },
): Promise<PauseOutcome> {
  const person = await ports.people.load(caller.personId, signal);
  const change = { paused, by: person?.conversationId, at: now };
  return operation.run(paused ? 'pause' : 'resume', {
    perform: (key, whileHeld) => ports.pause.change({ ...change, key }, whileHeld),
    settle: 'repeat',
  });
}
