import type { DequeuedMessageItem } from '@azure/storage-queue';
import type { Invocation } from '../core/invoker.ts';
import { traceContextFrom } from '../core/trace-context.ts';
import { toDateTimeOffset, toMetadata, withBodyMembers } from '../core/typed-data.ts';
import type { QueueSettings } from '../host-json.ts';

type MessageInvocation = Pick<Invocation, 'data' | 'triggerMetadata' | 'traceContext'>;

const base64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

/** The bytes a sender meant; undefined where its text is not in the encoding of host.json. */
export function decode(text: string, encoding: QueueSettings['messageEncoding']): Buffer | undefined {
  if (encoding === 'none') return Buffer.from(text);
  return base64.test(text) ? Buffer.from(text, 'base64') : undefined;
}

export function toInvocation(message: DequeuedMessageItem, body: Buffer, binary: boolean): MessageInvocation {
  return toData(body, binary, {
    DequeueCount: message.dequeueCount,
    ExpirationTime: toDateTimeOffset(message.expiresOn),
    Id: message.messageId,
    InsertionTime: toDateTimeOffset(message.insertedOn),
    NextVisibleTime: toDateTimeOffset(message.nextVisibleOn),
    PopReceipt: message.popReceipt,
  });
}

/** A message typed in at the admin API. */
export function toTypedInInvocation(input: string, binary: boolean): MessageInvocation {
  return toData(Buffer.from(input), binary, { DequeueCount: 1 });
}

function toData(body: Buffer, binary: boolean, values: Record<string, unknown>): MessageInvocation {
  const text = body.toString('utf8');
  const metadata = toMetadata({ QueueTrigger: text, ...values });
  const traceContext = traceContextFrom();
  return binary
    ? { data: { bytes: body }, triggerMetadata: metadata, traceContext }
    : { data: { string: text }, triggerMetadata: withBodyMembers(metadata, text), traceContext };
}
