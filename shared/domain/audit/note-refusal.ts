import { deriveId } from '../../core/ids.ts';
import type { Ports } from '../../ports/index.ts';
import { errorFields, log } from '../../telemetry/index.ts';

export interface RefusalAudit {
  /** Counts a refused webhook; writes at most one line a minute and address. Never throws: the answer is 401 anyway. */
  note(address: string): Promise<void>;
  /** How many were refused since the start. */
  count(): number;
}

const minuteMs = 60_000;
const auditTimeoutMs = 1_000;
// Who sends from more addresses than this within a minute is written down once for all the others.
const maxAddresses = 1_000;

export function createRefusalAudit(ports: Pick<Ports, 'audit' | 'clock'>, workspace: string): RefusalAudit {
  const seen = new Map<string, number>();
  let count = 0;
  return {
    count: () => count,
    async note(address) {
      count += 1;
      const now = ports.clock.now();
      const minute = Math.floor(now / minuteMs);
      for (const [known, at] of seen) if (at < minute) seen.delete(known);
      const subject = seen.size >= maxAddresses ? 'others' : address;
      if (seen.get(subject) === minute) return;
      seen.set(subject, minute);
      log('warn', 'webhook.unauthorized', { refused: count });
      const day = new Date(now).toISOString().slice(0, 10);
      const line = {
        stream: `${workspace}:webhooks:${day}`,
        workspace,
        at: now,
        what: 'webhook.unauthorized',
        // An address is needed to act on; it is kept in the audit trail alone, and no line of the log holds it.
        detail: { address: subject, refused: count },
      };
      // The answer is 401 whether the trail can be written or not: nobody waits long for it.
      await ports.audit
        .append(deriveId('refused', minute, subject), line, AbortSignal.timeout(auditTimeoutMs))
        .catch((error: unknown) => log('error', 'audit.failed', errorFields(error)));
    },
  };
}
