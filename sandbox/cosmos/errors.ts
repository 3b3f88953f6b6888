import { randomUUID } from 'node:crypto';

/** A refusal in Cosmos' own terms. */
export class CosmosError extends Error {
  readonly status: number;
  readonly substatus: number;

  constructor(status: number, message: string, substatus = 0) {
    super(message);
    this.status = status;
    this.substatus = substatus;
  }
}

export const badRequest = (message: string, substatus = 0) => new CosmosError(400, message, substatus);
/** What Cosmos knows and this stand-in does not play: refused loudly, naming it. */
export const notPlayed = (what: string) => badRequest(`sandbox/cosmos does not play ${what}.`);

export const resourceNotFound = () =>
  new CosmosError(404, 'Resource Not Found. Learn more: https://aka.ms/cosmosdb-tsg-not-found');
export const alreadyExists = () => new CosmosError(409, 'Resource with specified id or name already exists.');
export const preconditionFailed = () =>
  new CosmosError(412, 'Operation cannot be performed because one of the specified precondition is not met.');
export const tooLarge = () => new CosmosError(413, 'Request size is too large');

const codes: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  408: 'RequestTimeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'PreconditionFailed',
  413: 'RequestEntityTooLarge',
  424: 'FailedDependency',
  429: '429',
  449: 'RetryWith',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

const messages: Readonly<Record<number, string>> = {
  412: preconditionFailed().message,
  429: 'Request rate is large. More Request Units may be needed, so no changes were made. Please retry this request later. Learn more: http://aka.ms/cosmosdb-error-429',
  449: 'Conflicting request to resource has been attempted. Retry to avoid conflicts.',
  503: 'Service is currently unavailable.',
};

/** The body of an error, as the gateway words it. */
export function errorBody(status: number, message?: string): { code: string; message: string } {
  const text = message ?? messages[status] ?? `The request failed with status ${status}.`;
  return {
    code: codes[status] ?? String(status),
    message: `Message: ${JSON.stringify({ Errors: [text] })}\r\nActivityId: ${randomUUID()}, sandbox/cosmos`,
  };
}
