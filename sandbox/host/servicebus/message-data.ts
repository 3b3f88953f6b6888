import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { Invocation } from '../core/invoker.ts';
import { traceContextFrom } from '../core/trace-context.ts';
import { toDateTime, toDateTimeOffset, toMetadata, withBodyMembers } from '../core/typed-data.ts';
import type { TypedData } from '../core/types.ts';

type MessageInvocation = Pick<Invocation, 'data' | 'triggerMetadata' | 'traceContext'>;

/** A message as the real host hands it over: its body as text (or bytes), its properties as metadata. */
export function toInvocation(message: ServiceBusReceivedMessage, binary: boolean): MessageInvocation {
  const bytes = bodyOf(message);
  const traceparent = message.applicationProperties?.['Diagnostic-Id'] ?? message.applicationProperties?.['traceparent'];
  return {
    ...toData(bytes, binary, metadataOf(message)),
    traceContext: traceContextFrom(typeof traceparent === 'string' ? traceparent : undefined),
  };
}

/** A message typed in at the admin API. */
export function toTypedInInvocation(input: string, binary: boolean): MessageInvocation {
  return {
    ...toData(Buffer.from(input), binary, toMetadata({ DeliveryCount: 1, SequenceNumber: 0 })),
    traceContext: traceContextFrom(),
  };
}

function toData(bytes: Uint8Array, binary: boolean, metadata: Record<string, TypedData>) {
  if (binary) return { data: { bytes }, triggerMetadata: metadata };
  const text = Buffer.from(bytes).toString('utf8');
  return { data: { string: text }, triggerMetadata: withBodyMembers(metadata, text) };
}

function bodyOf(message: ServiceBusReceivedMessage): Uint8Array {
  const body: unknown = message.body;
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  throw new TypeError(`the body of message ${String(message.messageId)} is an AMQP value that is no text: not played`);
}

// What .NET gives for a message without a time to live.
const never = '9999-12-31T23:59:59.9999999';

function metadataOf(message: ServiceBusReceivedMessage): Record<string, TypedData> {
  const { expiresAtUtc, enqueuedTimeUtc, applicationProperties = {} } = message;
  return toMetadata({
    // The SDK of JavaScript counts failed deliveries, .NET deliveries.
    DeliveryCount: (message.deliveryCount ?? 0) + 1,
    DeadLetterSource: message.deadLetterSource,
    LockToken: message.lockToken,
    ExpiresAtUtc: expiresAtUtc ? toDateTime(expiresAtUtc) : `${never}Z`,
    ExpiresAt: expiresAtUtc ? toDateTimeOffset(expiresAtUtc) : `${never}+00:00`,
    EnqueuedTimeUtc: enqueuedTimeUtc && toDateTime(enqueuedTimeUtc),
    EnqueuedTime: enqueuedTimeUtc && toDateTimeOffset(enqueuedTimeUtc),
    MessageId: message.messageId === undefined ? undefined : String(message.messageId),
    ContentType: message.contentType,
    ReplyTo: message.replyTo,
    SequenceNumber: Number(message.sequenceNumber ?? 0),
    To: message.to,
    Subject: message.subject,
    Label: message.subject,
    CorrelationId: message.correlationId === undefined ? undefined : String(message.correlationId),
    ApplicationProperties: applicationProperties,
    UserProperties: applicationProperties,
    SessionId: message.sessionId,
    ReplyToSessionId: message.replyToSessionId,
    PartitionKey: message.partitionKey,
  });
}
