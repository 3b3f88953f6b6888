/** A request refused in Graph's own words; thrown anywhere in the stand-in, answered by `serve.ts`. */
export class GraphFailure extends Error {
  readonly status: number;
  readonly code: string;
  /** Further members of the error object, as `@event.existingEventId`. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, { message, extra = {} }: { message: string; extra?: Record<string, unknown> }) {
    super(message);
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

const failure = (status: number, code: string, message: string) => new GraphFailure(status, code, { message });

export const badRequest = (message: string) => failure(400, 'BadRequest', message);
export const invalidBody = (message: string) => failure(400, 'RequestBodyRead', message);
export const invalidParameter = (message: string) => failure(400, 'ErrorInvalidParameter', message);
export const invalidRequest = (message: string) => failure(400, 'ErrorInvalidRequest', message);
export const unsupportedUserQuery = (message: string) => failure(400, 'Request_UnsupportedQuery', message);
export const malformedId = () => failure(400, 'ErrorInvalidIdMalformed', 'Id is malformed.');
/** Graph says no more than this, whichever property it was. */
export const invalidProperty = () => failure(400, 'ErrorPropertyValidationFailure', 'At least one property failed validation.');
export const unknownTimeZone = (name: string) =>
  failure(
    400,
    'TimeZoneNotSupportedException',
    `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${name}'.`,
  );
export const unauthenticated = (message: string) => failure(401, 'InvalidAuthenticationToken', message);
export const accessDenied = () => failure(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
export const directoryDenied = () =>
  failure(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
export const itemNotFound = () => failure(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
export const mailboxNotFound = (id: string) => failure(404, 'ErrorInvalidUser', `The requested user '${id}' is invalid.`);
export const resourceNotFound = (id: string) =>
  failure(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
export const conflict = () =>
  failure(
    412,
    'ErrorIrresolvableConflict',
    'The send or update operation could not be performed because the change key passed in the request does not match the ' +
      'current change key for the item.',
  );
/** What Microsoft Graph has and this stand-in does not: never half-played. */
export const notPlayed = (what: string) => failure(501, 'NotImplemented', `The sandbox does not play ${what}.`);

const faultCodes: Readonly<Record<number, [code: string, message: string]>> = {
  401: ['InvalidAuthenticationToken', 'Access token validation failure.'],
  403: ['ErrorAccessDenied', 'Access is denied. Check credentials and try again.'],
  429: ['ApplicationThrottled', 'Application is over its MailboxConcurrency limit.'],
  500: ['InternalServerError', 'An internal server error occurred. The operation failed.'],
  503: ['ServiceUnavailable', 'The service is temporarily unavailable. Please retry after some time.'],
  504: ['GatewayTimeout', 'The request timed out.'],
};

/** The failure that a fault plays when it names no body. */
export function failureOfStatus(status: number): GraphFailure {
  const [code, message] = faultCodes[status] ?? ['UnknownError', `The request failed with status ${status}.`];
  return failure(status, code, message);
}

/** The error object on the wire. */
export function errorBody(
  { code, message, extra }: GraphFailure,
  { requestId, clientRequestId, now }: { requestId: string; clientRequestId: string; now: number },
) {
  const date = new Date(now).toISOString().slice(0, 19);
  return {
    error: { code, message, ...extra, innerError: { date, 'request-id': requestId, 'client-request-id': clientRequestId } },
  };
}
