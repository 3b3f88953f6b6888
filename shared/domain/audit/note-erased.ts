import { deriveId } from '../../core/ids.ts';
import type { Ports } from '../../ports/index.ts';
import { errorFields, log } from '../../telemetry/index.ts';

export interface ErasedAudit {
  /** Writes down that a message was refused because its conversation was erased; at most a line a minute. Never throws. */
  note(conversationId: string): Promise<void>;
}

const minuteMs = 60_000;
const auditTimeoutMs = 1_000;

export function createErasedAudit(ports: Pick<Ports, 'audit' | 'clock'>, workspace: string): ErasedAudit {
  let [minute, count] = [0, 0];
  return {
    async note(conversationId) {
      const at = ports.clock.now();
      count += 1;
      if (minute === Math.floor(at / minuteMs)) return;
      minute = Math.floor(at / minuteMs);
      const stream = `${workspace}:privacy:${new Date(at).toISOString().slice(0, 10)}`;
      const line = {
        stream,
        workspace,
        at,
        what: 'message.refused-erased',
        detail: { conversation: conversationId, refused: count },
      };
      // The answer is the same whether the trail can be written or not: nobody waits long for it.
      await ports.audit
        .append(deriveId('refused-erased', minute), line, AbortSignal.timeout(auditTimeoutMs))
        .catch((error: unknown) => log('error', 'audit.failed', errorFields(error)));
    },
  };
}
