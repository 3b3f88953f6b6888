import rhea from 'rhea';
import { z } from 'zod';
import { pathOf, type Broker } from '../broker.ts';
import type { Settlement } from '../custody.ts';
import { done, refusals, refuse, type Outcome, type Refusal } from '../errors.ts';
import { swapGuid } from '../locks.ts';
import { describeContent, encodeMessage, parseMessage, type ReceivedMessage } from '../message.ts';
import { refuseMalformed, type Operation, type Operations } from '../operations.ts';
import type { Entity } from '../store.ts';
import { askerOf, dropPeer, reply, type AmqpRequest, type Peer } from './peer.ts';
import { settling } from './settlement.ts';

const { types } = rhea;
const long = 0x81;
const timestamp = 0x83;

interface Services {
  readonly broker: Broker;
  readonly operations: Operations;
}

/** A request to one entity's `$management`, and how it is answered. */
interface Call extends Services {
  readonly entity: Entity;
  readonly body: unknown;
  answer(outcome: Outcome<unknown>): void;
  drop(): void;
  asker: Operation<unknown>['asker'];
}

const Token = z.instanceof(Buffer).transform((uuid) => swapGuid(uuid).toString('hex'));
const Sequences = z.array(z.number());
const RenewLock = z.object({ 'lock-tokens': z.array(Token).min(1) });
const Schedule = z.object({ messages: z.array(z.object({ message: z.instanceof(Buffer) })).min(1) });
const Cancel = z.object({ 'sequence-numbers': Sequences });
const Peek = z.object({ 'from-sequence-number': z.number(), 'message-count': z.int().min(1) });
const ReceiveBySequence = z.object({ 'sequence-numbers': Sequences, 'receiver-settle-mode': z.number() });
const UpdateDisposition = z.object({
  'disposition-status': z.enum(['completed', 'abandoned', 'defered', 'suspended']),
  'lock-tokens': z.array(Token).min(1),
  'deadletter-reason': z.string().nullish(),
  'deadletter-description': z.string().nullish(),
  'properties-to-modify': z.record(z.string(), z.unknown()).nullish(),
});

const handlers: Readonly<Record<string, (call: Call) => void>> = {
  'com.microsoft:renew-lock': renewLock,
  'com.microsoft:schedule-message': scheduleMessages,
  'com.microsoft:cancel-scheduled-message': cancelScheduled,
  'com.microsoft:peek-message': peekMessages,
  'com.microsoft:receive-by-sequence-number': receiveDeferred,
  'com.microsoft:update-disposition': updateDisposition,
};

/** @see https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response */
export function answerManagement(services: Services, peer: Peer, request: AmqpRequest & { entity: Entity }): void {
  const answer = ({ refused, value }: Outcome<unknown>) =>
    reply(
      peer,
      request,
      refused
        ? failure(refused)
        : { properties: { statusCode: types.wrap_int(value === nothingFound ? 204 : 200) }, body: value },
    );
  const operation = String(request.properties['operation']);
  const handler = handlers[operation];
  if (!handler) {
    answer(refuse(refusals.notPlayed(`the management operation ${operation}`)));
    return;
  }
  try {
    handler({
      ...services,
      entity: request.entity,
      body: request.body,
      answer,
      drop: () => dropPeer(peer),
      asker: () => askerOf(peer),
    });
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    answer(refuse({ status: 400, condition: 'amqp:invalid-field', description: z.prettifyError(error) }));
  }
}

const nothingFound = Symbol('204');

const failure = ({ status, condition, description }: Refusal) => ({
  properties: {
    statusCode: types.wrap_int(status),
    statusDescription: description,
    errorCondition: types.wrap_symbol(condition),
  },
});

/** Runs one operation for each part of a request and answers once, with all the values or the first refusal. */
function runAll<T>(
  call: Call,
  parts: readonly Omit<Operation<T>, 'answer' | 'drop' | 'asker'>[],
  toBody: (values: T[]) => unknown,
): void {
  const values: T[] = [];
  let refused: Refusal | undefined;
  const answer = (outcome: Outcome<T>) => {
    if (refused) return;
    if (outcome.refused) call.answer(refuse((refused = outcome.refused)));
    else if (values.push(outcome.value) === parts.length) call.answer(done(toBody(values)));
  };
  for (const part of parts) call.operations.run<T>({ ...part, answer, drop: call.drop, asker: call.asker });
}

function renewLock(call: Call): void {
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

function scheduleMessages(call: Call): void {
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

function cancelScheduled(call: Call): void {
  const { broker, entity } = call;
  const sequences = Cancel.parse(call.body)['sequence-numbers'];
  const messages = sequences
    .flatMap((sequence) => broker.peek(entity, sequence, 1))
    .map(({ content }) => describeContent(content));
  const part = { method: 'CANCEL' as const, path: pathOf(entity), messages, perform: () => broker.cancel(entity, sequences) };
  runAll(call, [part], () => undefined);
}

function peekMessages(call: Call): void {
  const { broker, entity } = call;
  const { 'from-sequence-number': from, 'message-count': count } = Peek.parse(call.body);
  const perform = () => done(broker.peek(entity, from, Math.min(count, 250)));
  runAll(call, [{ method: 'PEEK' as const, path: pathOf(entity), messages: [], perform }], ([rows = []]) => {
    if (rows.length === 0) return nothingFound;
    return { messages: rows.map((row) => ({ message: encodeMessage(row, { ...row, lockedUntil: undefined }) })) };
  });
}

function receiveDeferred(call: Call): void {
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

function updateDisposition(call: Call): void {
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
