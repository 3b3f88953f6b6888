import rhea from 'rhea';
import { z } from 'zod';
import { pathOf } from '../../broker.ts';
import { done, refusals, refuse } from '../../errors.ts';
import { swapGuid } from '../../locks.ts';
import { describeContent, encodeMessage } from '../../message.ts';
import { nothingFound, runAll, type Call } from './call.ts';

const { types } = rhea;

const Peek = z.object({ 'from-sequence-number': z.number(), 'message-count': z.int().min(1) });
const ReceiveBySequence = z.object({ 'sequence-numbers': z.array(z.number()), 'receiver-settle-mode': z.number() });

export function peekMessages(call: Call): void {
  const { broker, entity } = call;
  const { 'from-sequence-number': from, 'message-count': count } = Peek.parse(call.body);
  const perform = () => done(broker.peek(entity, from, Math.min(count, 250)));
  runAll(call, [{ method: 'PEEK' as const, path: pathOf(entity), messages: [], perform }], ([rows = []]) => {
    if (rows.length === 0) return nothingFound;
    return { messages: rows.map((row) => ({ message: encodeMessage(row, { ...row, lockedUntil: undefined }) })) };
  });
}

export function receiveDeferred(call: Call): void {
  const { broker, entity } = call;
  const { 'sequence-numbers': sequences, 'receiver-settle-mode': settleMode } = ReceiveBySequence.parse(call.body);
  const perform = () => {
    if (settleMode === 0) return refuse(refusals.notPlayed('receive-and-delete of deferred messages'));
    const found = sequences.map((sequence) => broker.lockDeferred(entity, sequence));
    const missing = sequences.find((_, index) => !found[index]);
    if (missing === undefined) return done(found.filter((each) => each !== undefined));
    for (const each of found) if (each) broker.putBack(each);
    return refuse(refusals.messageNotFound(missing));
  };
  const messages = sequences
    .flatMap((sequence) => broker.peek(entity, sequence, 1))
    .map(({ content }) => describeContent(content));
  runAll(call, [{ method: 'RECEIVE' as const, path: pathOf(entity), messages, perform }], (found) => ({
    messages: found.flat().map(({ row, lock }) => ({
      message: encodeMessage(row, { ...row, lockedUntil: lock?.until }),
      'lock-token': types.wrap_uuid(swapGuid(Buffer.from(lock?.token ?? '', 'hex'))),
    })),
  }));
}
