import { AppError } from '../../../shared/core/errors.ts';
import type { CallQuota, CallQuotas } from '../../../shared/ports/call-quotas.ts';

export interface FakeCallQuotas extends CallQuotas {
  readonly quotas: Map<string, CallQuota>;
  /** How many requests it was asked. */
  readonly requests: () => number;
}

export function createFakeCallQuotas(): FakeCallQuotas {
  const quotas = new Map<string, CallQuota>();
  const versions = new Map<string, number>();
  let requests = 0;
  return {
    quotas,
    requests: () => requests,
    async load(id) {
      requests += 1;
      await Promise.resolve();
      const quota = quotas.get(id);
      return quota && { quota, version: String(versions.get(id)) };
    },
    async save(quota, version) {
      requests += 1;
      await Promise.resolve();
      const current = versions.get(quota.id);
      if ((current === undefined ? undefined : String(current)) !== version) throw new AppError('conflict', 'It was changed');
      versions.set(quota.id, (current ?? 0) + 1);
      quotas.set(quota.id, quota);
    },
  };
}
