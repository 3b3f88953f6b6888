import type { z } from 'zod';
import { invalidRequest, type ApiError } from './errors.ts';

type Issue = z.core.$ZodIssue;

/** Reads `value` by `schema`, or refuses it in the vendor's words; `at` is where the value lies in the request. */
export function parseAs<T>(schema: z.ZodType<T>, value: unknown, at = ''): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw issue ? refusal(issue, at) : invalidRequest('Invalid request.', at || null, null);
}

/** `Supported values are: 'a', 'b', and 'c'.` */
export function unsupportedValue(value: unknown, supported: readonly unknown[], param: string): ApiError {
  const quoted = supported.map((each) => `'${String(each)}'`);
  const last = quoted.pop() ?? '';
  const list = quoted.length > 1 ? `${quoted.join(', ')}, and ${last}` : [...quoted, last].join(' and ');
  return invalidRequest(`Invalid value: '${display(value)}'. Supported values are: ${list}.`, param, 'invalid_value');
}

function refusal(issue: Issue, at: string): ApiError {
  const param = joinPath(at, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const unknown = joinPath(param, issue.keys.slice(0, 1));
      return invalidRequest(`Unknown parameter: '${unknown}'.`, unknown, 'unknown_parameter');
    }
    case 'invalid_type':
      return issue.input === undefined
        ? invalidRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter')
        : invalidRequest(
            `Invalid type for '${param}': expected ${article(issue.expected)}, but got ${article(kindOf(issue.input))} instead.`,
            param,
            'invalid_type',
          );
    case 'invalid_value':
      return issue.input === undefined
        ? invalidRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter')
        : unsupportedValue(issue.input, issue.values, param);
    case 'too_small':
    case 'too_big':
      return outOfBounds(issue, param);
    case 'invalid_format':
      return invalidRequest(
        `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '${issue.pattern ?? ''}'.`,
        param,
        'invalid_value',
      );
    default:
      return invalidRequest(`Invalid value for '${param}'.`, param, 'invalid_value');
  }
}

function outOfBounds(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, param: string): ApiError {
  const small = issue.code === 'too_small';
  const bound = small ? issue.minimum : issue.maximum;
  if (issue.origin === 'string' || issue.origin === 'array') {
    const what = issue.origin;
    const length = (issue.input as { length?: number } | undefined)?.length ?? 0;
    return invalidRequest(
      `Invalid '${param}': ${what} too ${small ? 'short' : 'long'}. Expected ${article(what)} with ${small ? 'minimum' : 'maximum'} ` +
        `length ${bound}, but got ${article(what)} with length ${length} instead.`,
      param,
      `${what}_${small ? 'below_min_length' : 'above_max_length'}`,
    );
  }
  const kind = issue.origin === 'int' || Number.isInteger(issue.input) ? 'integer' : 'decimal';
  return invalidRequest(
    `Invalid '${param}': ${kind} ${small ? 'below minimum' : 'above maximum'} value. Expected a value ${small ? '>=' : '<='} ` +
      `${bound}, but got ${display(issue.input)} instead.`,
    param,
    `${kind}_${small ? 'below_min_value' : 'above_max_value'}`,
  );
}

function joinPath(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (joined, key) => (typeof key === 'number' ? `${joined}[${key}]` : joined ? `${joined}.${String(key)}` : String(key)),
    at,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'decimal';
  return typeof value;
}

const kinds: Readonly<Record<string, string>> = {
  record: 'an object',
  number: 'a decimal',
  int: 'an integer',
  integer: 'an integer',
  object: 'an object',
  array: 'an array',
  null: 'null',
};

function article(kind: string): string {
  return kinds[kind] ?? `a ${kind}`;
}

function display(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
