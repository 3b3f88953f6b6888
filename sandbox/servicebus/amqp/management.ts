import rhea from 'rhea';
import { z } from 'zod';
import { refusals, refuse, type Outcome, type Refusal } from '../errors.ts';
import type { Entity } from '../store.ts';
import { nothingFound, type Call, type Services } from './management/call.ts';
import { peekMessages, receiveDeferred } from './management/find.ts';
import { renewLock, updateDisposition } from './management/locked.ts';
import { cancelScheduled, scheduleMessages } from './management/schedule.ts';
import { askerOf, dropPeer, reply, type AmqpRequest, type Peer } from './peer.ts';

const { types } = rhea;

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

const failure = ({ status, condition, description }: Refusal) => ({
  properties: {
    statusCode: types.wrap_int(status),
    statusDescription: description,
    errorCondition: types.wrap_symbol(condition),
  },
});
