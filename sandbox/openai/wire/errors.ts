/** What the vendor answers instead of a result: thrown anywhere in the stand-in, written out in one place. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, error: ErrorBody['error']) {
    super(error.message);
    this.name = 'ApiError';
    this.status = status;
    this.body = { error };
  }
}

export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** A request refused for what it says. */
export function invalidRequest(message: string, param: string | null, code: string | null): ApiError {
  return new ApiError(400, { message, type: 'invalid_request_error', param, code });
}

/** What the vendor can and the stand-in does not: refused loudly rather than half-played. */
export function notPlayed(param: string): ApiError {
  return invalidRequest(`The sandbox does not play '${param}'.`, param, 'unsupported_parameter');
}

export function missingKey(): ApiError {
  return new ApiError(401, {
    message:
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
      '(i.e. Authorization: Bearer YOUR_KEY).',
    type: 'invalid_request_error',
    param: null,
    code: null,
  });
}

export function wrongKey(key: string): ApiError {
  const shown = key.length > 12 ? `${key.slice(0, 4)}****${key.slice(-4)}` : '****';
  return new ApiError(401, {
    message: `Incorrect API key provided: ${shown}.`,
    type: 'invalid_request_error',
    param: null,
    code: 'invalid_api_key',
  });
}

export function unknownModel(model: string): ApiError {
  return new ApiError(404, {
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    type: 'invalid_request_error',
    param: null,
    code: 'model_not_found',
  });
}

const bodies: Readonly<Record<number, ErrorBody['error']>> = {
  400: { message: 'Invalid request.', type: 'invalid_request_error', param: null, code: null },
  401: { message: 'Incorrect API key provided.', type: 'invalid_request_error', param: null, code: 'invalid_api_key' },
  403: {
    message: 'Country, region, or territory not supported.',
    type: 'request_forbidden',
    param: null,
    code: 'unsupported_country_region_territory',
  },
  404: { message: 'Not found.', type: 'invalid_request_error', param: null, code: null },
  429: {
    message: 'Rate limit reached for requests. Please try again later.',
    type: 'requests',
    param: null,
    code: 'rate_limit_exceeded',
  },
  503: {
    message: 'The engine is currently overloaded, please try again later.',
    type: 'server_error',
    param: null,
    code: null,
  },
};

/** The body of an error answered by a fault. */
export function errorBody(status: number): ErrorBody {
  const serverError = {
    message: 'The server had an error while processing your request. Sorry about that!',
    type: 'server_error',
    param: null,
    code: null,
  };
  return { error: bodies[status] ?? serverError };
}
