import rhea from 'rhea';
import { z } from 'zod';
import { pathOf } from '../../broker.ts';
import type { Settlement } from '../../custody.ts';
import { swapGuid } from '../../locks.ts';
import { settling } from '../settlement.ts';
import { runAll, type Call } from './call.ts';

const { types } = rhea;
const timestamp = 0x83;

const Token = z.instanceof(Buffer).transform((uuid) => swapGuid(uuid).toString('hex'));
const RenewLock = z.object({ 'lock-tokens': z.array(Token).min(1) });
const UpdateDisposition = z.object({
  'disposition-status': z.enum(['completed', 'abandoned', 'defered', 'suspended']),
  'lock-tokens': z.array(Token).min(1),
  'deadletter-reason': z.string().nullish(),
  'deadletter-description': z.string().nullish(),
  'properties-to-modify': z.record(z.string(), z.unknown()).nullish(),
});

export function renewLock(call: Call): void {
  const { broker, entity } = call;
  const parts = RenewLock.parse(call.body)['lock-tokens'].map((token) => {
    const perform = () => broker.renew(entity, token);
    const performLosingLock = () => {
      broker.loseLock(token);
      return perform();
    };
    const messages = [broker.describeLock(token)];
    return { method: 'RENEW-LOCK' as const, path: pathOf(entity), messages, perform, performLosingLock };
  });
  runAll(call, parts, (expirations) => ({ expirations: types.wrap_array(expirations, timestamp, undefined) }));
}

export function updateDisposition(call: Call): void {
  const body = UpdateDisposition.parse(call.body);
  const { entity } = call;
  const settlement = settlementOf(body);
  const parts = body['lock-tokens'].map((token) => settling(call, { entity, token, settlement }));
  runAll(call, parts, () => undefined);
}

function settlementOf(body: z.infer<typeof UpdateDisposition>): Settlement {
  const modify = body['properties-to-modify'] ?? {};
  switch (body['disposition-status']) {
    case 'completed':
      return { kind: 'complete' };
    case 'abandoned':
      return { kind: 'abandon', modify };
    case 'defered':
      return { kind: 'defer', modify };
    case 'suspended': {
      const { 'deadletter-reason': reason, 'deadletter-description': description } = body;
      const why = {
        ...(typeof reason === 'string' && { DeadLetterReason: reason }),
        ...(typeof description === 'string' && { DeadLetterErrorDescription: description }),
      };
      return { kind: 'dead-letter', modify: { ...modify, ...why } };
    }
  }
}
