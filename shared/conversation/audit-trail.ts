import { asAppError } from '../core/errors.ts';
import type { Change } from '../ports/conversations.ts';
import type { DataKey } from '../ports/data-keys.ts';
import type { CallsDocument } from '../ports/documents.ts';
import type { Ports } from '../ports/index.ts';
import type { AuditLine } from '../ports/people.ts';
import { errorFields, log } from '../telemetry/index.ts';
import { tryToOpen, type RecordedAnswer } from './calls.ts';

/**
 * Writes one line for each call of turns that ended, by ids and codes alone, and answers the changes that let the calls
 * go. Without a key, or where it does not open them, what stands in the open is told: whose call it was, its tool and its
 * outcome. A trail that cannot be written holds nobody up: the calls stay due, and whoever comes next writes their lines.
 */
export async function appendAudit(
  ports: Pick<Ports, 'audit'>,
  ended: readonly CallsDocument[],
  { key, now, ttl, signal }: { key: DataKey | undefined; now: number; ttl: number; signal: AbortSignal },
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const document of ended) {
    try {
      const answer = key === undefined ? undefined : tryToOpen(document, key);
      const run = document.run === undefined ? '' : `:run-${document.run}`;
      for (const [position, line] of linesOf(document, answer, now).entries()) {
        await ports.audit.append(`${document.id}:${position}${run}`, line, signal);
      }
      changes.push({ kind: 'patch', id: document.id, set: { open: false, ttl }, remove: ['dueAt'] });
    } catch (error) {
      log('error', 'audit.failed', { turn: document.turnId, ...errorFields(error) });
      // One that is refused holds up no other.
      if (asAppError(error)?.retryable) return changes;
    }
  }
  return changes;
}

function linesOf(document: CallsDocument, answer: RecordedAnswer | undefined, now: number): AuditLine[] {
  const { workspace, at, personId, tools, client, outcome } = document;
  const recordedAt = at ?? now;
  const day = new Date(recordedAt).toISOString().slice(0, 10);
  const { stream, what } = client === undefined ? turnCall : mcpCall;
  return tools.map((name, position) => {
    const { callId } = answer?.calls[position] ?? {};
    const result = answer?.results?.find((one) => one.callId === callId);
    return {
      stream: `${workspace}:${stream}:${day}`,
      workspace,
      at: recordedAt,
      what,
      ...(personId === undefined ? {} : { who: personId }),
      detail: {
        ...placeOf(document, position),
        // The name came from a model: what is no tool of ours may be anything.
        tool: /^[a-z_]{1,64}$/.test(name) ? name : 'unknown',
        status: result?.status ?? outcome ?? 'unknown',
      },
    };
  });
}

const turnCall = { stream: 'turns', what: 'turn.call' };
const mcpCall = { stream: 'mcp', what: 'mcp.call' };

function placeOf({ turnId, n, client }: CallsDocument, position: number): Record<string, string | number> {
  return client === undefined ? { turn: turnId, answer: n, position } : { call: turnId, client };
}
