import rhea from 'rhea';
import { z } from 'zod';
import { pathOf } from '../../broker.ts';
import { done } from '../../errors.ts';
import { describeContent, parseMessage, type ReceivedMessage } from '../../message.ts';
import { refuseMalformed } from '../../operations.ts';
import { runAll, type Call } from './call.ts';

const { types } = rhea;
const long = 0x81;

const Schedule = z.object({ messages: z.array(z.object({ message: z.instanceof(Buffer) })).min(1) });
const Cancel = z.object({ 'sequence-numbers': z.array(z.number()) });

export function scheduleMessages(call: Call): void {
  const { broker, entity } = call;
  const raw = Schedule.parse(call.body).messages.map(({ message }) => message);
  const parsed = refuseMalformed((): ReceivedMessage[] => raw.map(parseMessage));
  const messages = parsed.value ?? [];
  const part = {
    method: 'SCHEDULE' as const,
    path: pathOf(entity),
    messages: messages.map(({ content }) => describeContent(content)),
    perform: () => (parsed.refused ? parsed : done(broker.send(entity, messages))),
  };
  runAll<number[]>(call, [part], (stored) => ({ 'sequence-numbers': types.wrap_array(stored.flat(), long, undefined) }));
}

export function cancelScheduled(call: Call): void {
  const { broker, entity } = call;
  const sequences = Cancel.parse(call.body)['sequence-numbers'];
  const messages = sequences
    .flatMap((sequence) => broker.peek(entity, sequence, 1))
    .map(({ content }) => describeContent(content));
  const part = { method: 'CANCEL' as const, path: pathOf(entity), messages, perform: () => broker.cancel(entity, sequences) };
  runAll(call, [part], () => undefined);
}
