import { randomUUID } from 'node:crypto';

// What each code comes as on the wire; 400 where no status stands.
const failures = {
  28000: { error: 'invalid_scope' },
  50011: { error: 'invalid_request' },
  50013: { error: 'invalid_grant' },
  50020: { error: 'interaction_required' },
  50027: { error: 'invalid_request' },
  50058: { error: 'login_required' },
  50173: { error: 'invalid_grant', suberror: 'bad_token' },
  50194: { error: 'invalid_request' },
  54005: { error: 'invalid_grant' },
  65001: { error: 'invalid_grant', suberror: 'consent_required' },
  65004: { error: 'access_denied' },
  70000: { error: 'invalid_grant' },
  70003: { error: 'unsupported_grant_type' },
  70008: { error: 'invalid_grant' },
  70011: { error: 'invalid_scope' },
  90002: { error: 'invalid_request' },
  90006: { error: 'temporarily_unavailable', status: 503 },
  90023: { error: 'invalid_request' },
  90055: { error: 'temporarily_unavailable', status: 429 },
  500011: { error: 'invalid_resource' },
  500112: { error: 'invalid_client' },
  500131: { error: 'invalid_grant' },
  500133: { error: 'invalid_grant' },
  501481: { error: 'invalid_grant' },
  501491: { error: 'invalid_request' },
  650053: { error: 'invalid_client' },
  700016: { error: 'unauthorized_client' },
  700024: { error: 'invalid_client', status: 401 },
  700027: { error: 'invalid_client', status: 401 },
  700054: { error: 'unsupported_response_type' },
  700082: { error: 'invalid_grant', suberror: 'token_expired' },
  700211: { error: 'invalid_client', status: 401 },
  700212: { error: 'invalid_client', status: 401 },
  700213: { error: 'invalid_client', status: 401 },
  900144: { error: 'invalid_request' },
  900561: { error: 'invalid_request' },
  1002012: { error: 'invalid_scope' },
  7000114: { error: 'invalid_grant' },
  7000215: { error: 'invalid_client', status: 401 },
  7000218: { error: 'invalid_client', status: 401 },
  7000222: { error: 'invalid_client', status: 401 },
  9002313: { error: 'invalid_grant' },
  9002325: { error: 'invalid_request' },
} as const satisfies Record<number, { error: string; status?: number; suberror?: string }>;

export type FailureCode = keyof typeof failures;

/** A refusal in the words of Entra. */
export class EntraError extends Error {
  readonly code: FailureCode;
  readonly status: number;
  readonly error: string;
  readonly suberror: string | undefined;

  constructor(code: FailureCode, text: string) {
    super(`AADSTS${code}: ${text}`);
    const failure: { error: string; status?: number; suberror?: string } = failures[code];
    this.code = code;
    this.status = failure.status ?? 400;
    this.error = failure.error;
    this.suberror = failure.suberror;
  }
}

export function missingParameter(name: string): EntraError {
  return new EntraError(900144, `The request body must contain the following parameter: '${name}'.`);
}

/** The JSON that the token endpoint and the metadata answer with. */
export function errorBody(error: EntraError, request: { correlationId: string; now: number }) {
  const traceId = randomUUID();
  const timestamp = `${new Date(request.now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return {
    error: error.error,
    error_description: `${error.message} Trace ID: ${traceId} Correlation ID: ${request.correlationId} Timestamp: ${timestamp}`,
    error_codes: [error.code],
    timestamp,
    trace_id: traceId,
    correlation_id: request.correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${error.code}`,
    ...(error.suberror === undefined ? {} : { suberror: error.suberror }),
  };
}

/** What Entra says with a status that somebody asked for with a fault. */
export function errorOfStatus(status: number): EntraError {
  if (status === 429) return new EntraError(90055, 'The server has encountered too many requests. Try again later.');
  if (status === 401) return new EntraError(7000222, 'The provided client secret keys are expired.');
  if (status < 500) return new EntraError(700082, 'The refresh token has expired due to inactivity.');
  return new EntraError(90006, 'The service is temporarily unavailable. Please retry later.');
}
