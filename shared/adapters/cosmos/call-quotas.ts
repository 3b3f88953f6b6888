import { AppError } from '../../core/errors.ts';
import { CallQuota, type CallQuotas } from '../../ports/call-quotas.ts';
import type { Cosmos } from './client.ts';
import { request, statusOf, toAppError } from './errors.ts';
import { abortedBy } from './select.ts';

/** Beside what the blind index of the account leads to, as a document of its own that goes by itself. */
export function createCosmosCallQuotas(cosmos: Cosmos): CallQuotas {
  const container = cosmos.container('identities');
  const placeOf = (id: string) => `${id}:calls`;
  return {
    async load(id, signal) {
      const place = placeOf(id);
      const found = await request('read a quota', () => container.item(place, place).read<CallQuota>(abortedBy(signal)));
      return found.resource && { quota: CallQuota.parse({ ...found.resource, id }), version: found.etag };
    },
    async save(quota, version, signal) {
      const place = placeOf(quota.id);
      const document = { ...quota, id: place };
      const condition = { accessCondition: { type: 'IfMatch', condition: version ?? '' } };
      try {
        await (version === undefined
          ? container.items.create(document, abortedBy(signal))
          : container.item(place, place).replace(document, { ...condition, ...abortedBy(signal) }));
      } catch (error) {
        // It ran out of its time since it was read.
        if (statusOf(error) === 404) throw new AppError('conflict', 'The quota is gone', { vendor: 'cosmos', cause: error });
        throw toAppError(error, 'save a quota');
      }
    },
  };
}
