import type { Container, OperationInput, OperationResponse } from '@azure/cosmos';
import { AppError, asAppError } from '../../core/errors.ts';
import { sleep } from '../../core/retry.ts';
import { request, toAppError } from './errors.ts';
import { abortedBy } from './select.ts';

const tries = 3;
const pauseMs = 150;

/** How a batch ended: applied as a whole, or refused because of one operation. */
export type BatchOutcome =
  { readonly applied: true } | { readonly applied: false; readonly index: number; readonly status: number };

/**
 * One transactional batch in one partition, repeated where its outcome is unknown: by us, and by the SDK unseen. It must
 * therefore be refused as a whole, or change nothing, where it was applied before.
 * @throws {AppError} `rate-limited`, `timeout`, `upstream` after the last try; `maybeDone` where any of them had no answer.
 */
export async function runBatch(
  container: Container,
  partition: string,
  { operations, what, signal }: { operations: OperationInput[]; what: string; signal: AbortSignal | undefined },
): Promise<BatchOutcome> {
  let unknown = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await request(what, () =>
        container.items.batch(structuredClone(operations), partition, abortedBy(signal)),
      );
      const refused = findRefused(response.result ?? []);
      if (!refused) return { applied: true };
      if (!isTransient(refused.status)) return { applied: false, ...refused };
      throw toAppError(Object.assign(new Error('batch'), { code: refused.status }), what);
    } catch (error) {
      const known = asAppError(error);
      if (!known) throw error;
      unknown ||= known.maybeDone;
      const failed = unknown ? known.with({ maybeDone: true }) : known;
      if (!known.retryable || attempt === tries) throw failed;
      await sleep(pauseMs * attempt, signal).catch(() => {
        throw failed; // given up in between: what is known of the outcome stays
      });
    }
  }
}

/** The operation that the others failed with: its status is its own, theirs is 424. */
function findRefused(result: readonly OperationResponse[]): { index: number; status: number } | undefined {
  const index = result.findIndex(({ statusCode }) => statusCode >= 300 && statusCode !== 424);
  const status = result[index]?.statusCode;
  if (status !== undefined) return { index, status };
  if (result.some(({ statusCode }) => statusCode === 424))
    throw new AppError('upstream', 'cosmos refused a batch without a reason', { vendor: 'cosmos' });
  return undefined;
}

function isTransient(status: number): boolean {
  return [408, 410, 429, 449, 500, 503].includes(status);
}
