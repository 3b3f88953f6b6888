import { randomUUID } from 'node:crypto';
import { chargeText } from './charges.ts';
import { errorBody } from './errors.ts';
import { sessionTokenOf } from './session.ts';

export interface Exchange {
  readonly method: string;
  /** The path, decoded and split. */
  readonly segments: readonly string[];
  readonly headers: Headers;
  /** Scheme and host as the client spelled them. */
  readonly origin: string;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly charge: number;
}

/** Which container answered, and how much of its log the answer has seen: what the client keeps as session token. */
export interface AnsweredBy {
  readonly containerRid: string;
  readonly containerPath: string;
  readonly lsn: number;
}

export function toResponse({ status, body, headers, charge }: Answer, by?: AnsweredBy): Response {
  const all = {
    'content-type': 'application/json',
    'x-ms-activity-id': randomUUID(),
    'x-ms-request-charge': chargeText(charge),
    'x-ms-gatewayversion': '2.0.0',
    ...(by && {
      'x-ms-session-token': sessionTokenOf(by.lsn),
      lsn: String(by.lsn),
      'x-ms-content-path': by.containerRid,
      'x-ms-alt-content-path': encodeURI(by.containerPath),
    }),
    ...headers,
  };
  const empty = status === 204 || status === 304;
  return new Response(empty ? null : JSON.stringify(body ?? errorBody(status)), { status, headers: all });
}
