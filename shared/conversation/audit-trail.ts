import type { Change } from '../ports/conversations.ts';
import type { DataKey } from '../ports/data-keys.ts';
import type { CallsDocument } from '../ports/documents.ts';
import type { Ports } from '../ports/index.ts';
import type { AuditLine } from '../ports/people.ts';
import { errorFields, log } from '../telemetry/index.ts';
import { openAnswers, type RecordedAnswer } from './calls.ts';

/**
 * Writes one line for each call of turns that ended, by ids and codes alone, and answers the changes that let the calls
 * go. A trail that cannot be written holds nobody up: the calls stay due, and whoever comes next writes their lines.
 */
export async function appendAudit(
  ports: Pick<Ports, 'audit'>,
  ended: readonly CallsDocument[],
  { key, now, ttl, signal }: { key: DataKey; now: number; ttl: number; signal: AbortSignal },
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const document of ended) {
    try {
      const [answer] = openAnswers([document], key, document.turnId);
      const run = document.run === undefined ? '' : `:run-${document.run}`;
      for (const [position, line] of linesOf(document, answer, now).entries()) {
        await ports.audit.append(`${document.id}:${position}${run}`, line, signal);
      }
      changes.push({ kind: 'patch', id: document.id, set: { open: false, ttl }, remove: ['dueAt'] });
    } catch (error) {
      log('error', 'audit.failed', { turn: document.turnId, ...errorFields(error) });
      return changes;
    }
  }
  return changes;
}

function linesOf(
  { workspace, turnId, n, at, personId }: CallsDocument,
  answer: RecordedAnswer | undefined,
  now: number,
): AuditLine[] {
  const recordedAt = at ?? now;
  const day = new Date(recordedAt).toISOString().slice(0, 10);
  return (answer?.calls ?? []).map((call, position) => {
    const result = answer?.results?.find(({ callId }) => callId === call.callId);
    return {
      stream: `${workspace}:turns:${day}`,
      workspace,
      at: recordedAt,
      what: 'turn.call',
      ...(personId === undefined ? {} : { who: personId }),
      // The name came from a model: what is no tool of ours may be anything.
      detail: {
        turn: turnId,
        answer: n,
        position,
        tool: /^[a-z_]{1,64}$/.test(call.name) ? call.name : 'unknown',
        status: result?.status ?? 'unknown',
      },
    };
  });
}
