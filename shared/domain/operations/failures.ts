import { deriveId } from '../../core/ids.ts';
import { AppError } from '../../core/errors.ts';
import type { FailureDocument } from '../../ports/documents.ts';
import type { Ports } from '../../ports/index.ts';

/** A run of a turn that failed for good, as an admin is told of it: ids, codes and times alone. */
export interface KnownFailure {
  /** Eight hex digits, or more where two would be told alike. */
  readonly id: string;
  readonly at: number;
  readonly reason: string;
  readonly messages: number;
  /** How often its turn had been replayed before it failed so. */
  readonly replays: number;
  readonly replayed: boolean;
}

// Failures are kept as long as their messages: more than these at once are an outage, not a list to go through.
const maxFailures = 1_000;
const maxTold = 20;
const shortest = 8;

/** The newest failures of the workspace. @throws {AppError} as `Conversations`. */
export async function listFailures(
  ports: Pick<Ports, 'conversations'>,
  workspace: string,
  signal: AbortSignal,
): Promise<{ readonly failures: readonly KnownFailure[]; readonly more: boolean }> {
  const failures = await ports.conversations.listFailures(workspace, maxFailures, signal);
  const ids = failures.map(idOf);
  const told = failures.slice(0, maxTold).map((failure) => describe(failure, ids));
  return { failures: told, more: failures.length > told.length };
}

/** One failure by the beginning of its id. `isOver`: its turn was replayed since, and failed again as another. */
export interface FoundFailure extends KnownFailure {
  readonly document: FailureDocument;
  readonly run: number;
  readonly isOver: boolean;
}

/** @throws {AppError} `not-found`; `invalid-input` where several begin so. */
export async function findFailure(
  ports: Pick<Ports, 'conversations'>,
  { workspace, id }: { workspace: string; id: string },
  signal: AbortSignal,
): Promise<FoundFailure> {
  const failures = await ports.conversations.listFailures(workspace, maxFailures, signal);
  const ids = failures.map(idOf);
  const found = failures.flatMap((document) =>
    runsOf(document)
      .filter((run) => failureId(document.turnId, run).startsWith(id.toLowerCase()))
      .map((run) => ({ document, run, isOver: run < runOf(document) })),
  );
  const [only, ...others] = found;
  if (!only) throw new AppError('not-found', `There is no failure ${id}: list the failures for their ids`);
  if (others.length > 0) throw new AppError('invalid-input', `Several failures begin with ${id}: ask for more digits of it`);
  return { ...describe(only.document, ids), ...only, id: only.isOver ? id : shortened(idOf(only.document), ids) };
}

function describe(document: FailureDocument, ids: readonly string[]): KnownFailure {
  const { at, reason, messageIds, replayedAt } = document;
  return {
    id: shortened(idOf(document), ids),
    at,
    reason,
    messages: messageIds.length,
    replays: runOf(document),
    replayed: replayedAt !== undefined,
  };
}

/** Of this run alone: a replay that fails again is another failure, so that an id that was acted on acts no more. */
function failureId(turnId: string, run: number): string {
  return deriveId('failure', turnId, run);
}

function idOf(document: FailureDocument): string {
  return failureId(document.turnId, runOf(document));
}

function runOf({ run = 0 }: FailureDocument): number {
  return run;
}

function runsOf(document: FailureDocument): number[] {
  return Array.from({ length: runOf(document) + 1 }, (_, run) => run);
}

function shortened(id: string, ids: readonly string[]): string {
  let length = shortest;
  while (length < id.length && ids.filter((other) => other.startsWith(id.slice(0, length))).length > 1) length += 1;
  return id.slice(0, length);
}
