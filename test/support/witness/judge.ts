import type { ErrorObject } from 'ajv/dist/2020.js';
import { isFromAdapter, type DocumentedVendor, type Exchange } from './exchanges.ts';
import { queryProblems } from './query-problems.ts';
import { unknownProperties } from './unknown-properties.ts';
import type { Operation, Place } from './vendor-document.ts';
import type { VendorRules } from './vendor-rules.ts';

export type Side = 'request' | 'answer' | 'webhook';

/** What an exchange has against its vendor's document. */
export interface Violation {
  readonly vendor: DocumentedVendor;
  /** `GET /me/events`, the name of a webhook, or the path where the document has no such operation. */
  readonly operation: string;
  readonly side: Side;
  readonly problem: string;
}

/** Holds one exchange against the document: requests of our adapters, and every answer and webhook that a stand-in made. */
export function judge(rules: VendorRules, exchange: Exchange): readonly Violation[] {
  const { pathname, searchParams } = new URL(exchange.path, 'http://vendor');
  const operation = operationOf(rules, exchange);
  const name = operation?.name ?? (exchange.kind === 'webhook' ? exchange.path : `${exchange.method} ${pathname}`);
  const violation = (side: Side, problem: string): Violation => ({ vendor: exchange.vendor, operation: name, side, problem });
  if (exchange.kind === 'webhook') return webhookProblems(rules, exchange).map((problem) => violation('webhook', problem));
  return [
    ...requestProblems(rules, { exchange, operation, searchParams }).map((problem) => violation('request', problem)),
    ...answerProblems(rules, { exchange, operation }).map((problem) => violation('answer', problem)),
  ];
}

/** Undefined for a webhook, and where the document has no such operation. */
export function operationOf({ document }: VendorRules, { kind, method, path }: Exchange): Operation | undefined {
  return kind === 'request' ? document.find(method, new URL(path, 'http://vendor').pathname) : undefined;
}

function webhookProblems(rules: VendorRules, { path, requestBody }: Exchange): string[] {
  const place = rules.document.webhook(path);
  if (!place) return ['the document knows no such webhook'];
  return bodyProblems(rules, { place, text: requestBody, isClosed: true });
}

interface Judged {
  readonly exchange: Exchange;
  readonly operation: Operation | undefined;
}

function requestProblems(
  rules: VendorRules,
  { exchange, operation, searchParams }: Judged & { searchParams: URLSearchParams },
): string[] {
  if (!isFromAdapter(exchange)) return [];
  if (!operation) return ['the document knows no such operation'];
  const query = queryProblems(rules.document.contract, operation, searchParams);
  const { requestBody } = operation;
  if (exchange.requestBody === '') return requestBody?.required === true ? [...query, 'its body is missing'] : query;
  if (!requestBody?.place) return [...query, 'a body, where the document tells of none'];
  const type = exchange.requestHeaders['content-type'] ?? '';
  const typeProblems = /^application\/json\b/.test(type) ? [] : [`its content type is '${type}'`];
  return [
    ...query,
    ...typeProblems,
    ...bodyProblems(rules, { place: requestBody.place, text: exchange.requestBody, isClosed: true }),
  ];
}

function answerProblems(rules: VendorRules, { exchange, operation }: Judged): string[] {
  const { status, byFault, responseBody, responseType } = exchange;
  if (status === 0 || byFault) return [];
  const media = operation && mediaOf(operation, status);
  if (!media) return undocumentedProblems(rules, exchange, operation !== undefined);
  const types = Object.keys(media);
  // Where the document tells of no body, the vendors answer one or none.
  if (types.length === 0) return [];
  const type = responseType.split(';')[0]?.trim() ?? '';
  const isEvents = type === 'text/event-stream';
  const known = types.find((one) => one === type);
  if (known === undefined) return [`answers ${status} as '${type}', where the document has ${types.join(', ')}`];
  const place = media[known];
  if (!place || !(isEvents || type.includes('json'))) return [];
  if (!isEvents) return bodyProblems(rules, { place, text: responseBody, isClosed: true });
  return eventsIn(responseBody).flatMap((text) => bodyProblems(rules, { place, text, isClosed: true }));
}

/** The schemas of an answer, by media type; undefined where the document does not have the status. */
function mediaOf({ responses }: Operation, status: number) {
  return responses[String(status)] ?? responses[`${Math.floor(status / 100)}XX`] ?? responses['default'];
}

/** A status, or a path, that the document leaves out: what the vendor really answers then is known from elsewhere. */
function undocumentedProblems(rules: VendorRules, { status, responseBody }: Exchange, isKnown: boolean): string[] {
  const problems = rules.errorProblems(status, responseBody);
  if (problems) return problems;
  return [
    isKnown
      ? `answers ${status}, which the document does not have`
      : `answers ${status} where the document knows no such operation`,
  ];
}

/** The data of server-sent events. */
function eventsIn(body: string): string[] {
  return body.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice('data: '.length)] : []));
}

function bodyProblems(rules: VendorRules, body: { place: Place; text: string; isClosed: boolean }): string[] {
  const { contract } = rules.document;
  const value = parsed(body.text);
  if (value === undefined) return ['its body is no JSON'];
  const errors = contract.errorsAt(body.place, value);
  const unknown = body.isClosed ? unknownProperties(contract.document, body.place, value) : [];
  const lines = [...mostTelling(errors).map(lineOf), ...unknown.map((path) => `${path} is not known`)];
  return [...new Set(lines.map((line) => line.replaceAll(/\/\d+(?=[/ ]|$)/g, '/*')))];
}

/** Of a choice that fits none, what its branches say and not that none fits. */
function mostTelling(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const inner = errors.filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'oneOf' && keyword !== 'if');
  return inner.length > 0 ? inner : errors;
}

function lineOf({ instancePath, message = '', params }: ErrorObject): string {
  const allowed = (params as { allowedValues?: unknown }).allowedValues;
  return `${instancePath} ${message}${Array.isArray(allowed) && allowed.length < 8 ? ` (${allowed.join(', ')})` : ''}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
