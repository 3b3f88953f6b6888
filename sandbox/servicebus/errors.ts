import type { AmqpError } from './amqp/rhea.ts';

/** Why the broker refuses: the AMQP error as the real service words it, and the status of $management and the journal. */
export interface Refusal extends AmqpError {
  readonly status: number;
}

/** What an operation came to: a value, or a refusal. */
export type Outcome<T> =
  { readonly refused: Refusal; readonly value?: undefined } | { readonly refused?: undefined; readonly value: T };

export const done = <T>(value: T): Outcome<T> => ({ value });
export const refuse = (refused: Refusal): { readonly refused: Refusal } => ({ refused });

export const refusals = {
  // The SDKs find this case by the text as much as by the condition.
  entityNotFound: (address: string): Refusal => ({
    status: 404,
    condition: 'amqp:not-found',
    description: `The messaging entity 'sb://localhost/${address}' could not be found. To know more visit https://aka.ms/sbResourceMgrExceptions.`,
  }),
  lockLost: {
    status: 410,
    condition: 'com.microsoft:message-lock-lost',
    description:
      'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue. For more information please see https://aka.ms/ServiceBusExceptions.',
  },
  messageNotFound: (sequence: number): Refusal => ({
    status: 404,
    condition: 'com.microsoft:message-not-found',
    description: `The message with SequenceNumber ${sequence} could not be found, or it is not in the state asked for.`,
  }),
  sessionsNotAllowed: {
    status: 400,
    condition: 'amqp:not-allowed',
    description: 'A sessionful message receiver cannot be created on an entity that does not require sessions.',
  },
  sendToDeadLetters: {
    status: 400,
    condition: 'amqp:not-allowed',
    description: 'Cannot create a message sender on a dead-letter sub-queue.',
  },
  messageTooLarge: (size: number, limit: number): Refusal => ({
    status: 413,
    condition: 'amqp:link:message-size-exceeded',
    description: `The received message (size:${size} bytes) exceeds the limit (${limit} bytes) currently allowed on the link.`,
  }),
  badMessage: (why: string): Refusal => ({ status: 400, condition: 'amqp:decode-error', description: why }),
  unauthorized: (address: string): Refusal => ({
    status: 401,
    condition: 'amqp:unauthorized-access',
    description: `Unauthorized access. No valid token was put for '${address}'. For MessagingEntity details refer: https://aka.ms/sbResourceMgrExceptions.`,
  }),
  notPlayed: (what: string): Refusal => ({
    status: 501,
    condition: 'amqp:not-implemented',
    description: `sandbox/servicebus does not play ${what}.`,
  }),
} as const satisfies Record<string, Refusal | ((...details: never[]) => Refusal)>;

const conditionOfStatus: Readonly<Record<number, string>> = {
  400: 'amqp:not-allowed',
  401: 'amqp:unauthorized-access',
  403: 'amqp:resource-limit-exceeded',
  404: 'amqp:not-found',
  408: 'com.microsoft:timeout',
  410: 'com.microsoft:message-lock-lost',
  413: 'amqp:link:message-size-exceeded',
  429: 'com.microsoft:server-busy',
  503: 'com.microsoft:server-busy',
  504: 'com.microsoft:timeout',
};

/** The error that a fault's `status` stands for; its `body` may name `condition` and `description` itself. */
export function refusalOfStatus(status: number, body: unknown): Refusal {
  const own = (typeof body === 'object' ? body : undefined) as Partial<Record<keyof AmqpError, unknown>> | null | undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    status,
    condition: text(own?.condition) ?? conditionOfStatus[status] ?? 'amqp:internal-error',
    description: text(own?.description) ?? `The service could not process the request (fault ${status}).`,
  };
}
