import type { SessionStatus } from './model.ts';

/** A refusal in WAHA's own words. */
export class WahaRefusal extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
  }
}

const names: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  422: 'Unprocessable Entity',
  501: 'Not Implemented',
};

/** The shape of most refusals. */
export function refusal(status: number, message: string | readonly string[]): WahaRefusal {
  return new WahaRefusal(status, { message, error: names[status] ?? 'Error', statusCode: status });
}

export const unauthorized = { message: 'Unauthorized', statusCode: 401 };

export function sessionUnknown(session: string): WahaRefusal {
  return new WahaRefusal(422, { error: `Session "${session}" does not exist`, session });
}

export function statusBody(session: string, status: SessionStatus, expected: readonly SessionStatus[]) {
  return {
    error: 'Session status is not as expected. Try again later or restart the session',
    session,
    status,
    expected,
  };
}

/** What NOWEB answers to whatever it would read from its store, where it was started without one. */
export function storeDisabled(): WahaRefusal {
  return refusal(
    400,
    'Enable NOWEB store "config.noweb.store.enabled=True" and "config.noweb.store.full_sync=True" when starting a new session. ' +
      'Read more: https://waha.devlike.pro/docs/engines/noweb#store',
  );
}

/** An error of the GOWS engine, as gRPC hands it on: it ends as a 500. */
export class EngineFailure extends Error {
  readonly code = 2;
  readonly details: string;

  constructor(details: string) {
    super(`2 UNKNOWN: ${details}`);
    this.name = 'Error';
    this.details = details;
  }
}

/** The 500 of WAHA, which echoes the request with the text of the message. */
export function exceptionBody(
  error: Error,
  request: { path: string; method: string; body: unknown; query: unknown },
  about: { at: number; version: unknown },
) {
  return {
    statusCode: 500,
    timestamp: new Date(about.at).toISOString(),
    exception: {
      message: error.message,
      ...(error instanceof EngineFailure ? { code: error.code, details: error.details, metadata: {} } : {}),
      name: error.name,
      stack: `${error.name}: ${error.message}\n    at WhatsappSession.send (/app/dist/core/engines/session.js:614:26)`,
    },
    request,
    version: about.version,
  };
}

/** The body of a send that WhatsApp refuses an account that may not write to new contacts: for a fault of status 500. */
export const error463Body = {
  statusCode: 500,
  exception: {
    message: '2 UNKNOWN: server returned error 463',
    code: 2,
    details: 'server returned error 463',
    metadata: {},
    name: 'Error',
  },
};
