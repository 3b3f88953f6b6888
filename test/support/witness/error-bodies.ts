import { z } from 'zod';
import type { Contract } from '../contracts.ts';
import type { DocumentedVendor } from './exchanges.ts';

/**
 * The errors of WAHA by status. Its document has none; these are what a real one answered (`waha-rest-samples.json`, on
 * which they are tested), and by the framework it is made with.
 */
const wahaRefusal = (statusCode: number, error: string) =>
  z.strictObject({
    message: z.union([z.string(), z.array(z.string())]),
    error: z.literal(error),
    statusCode: z.literal(statusCode),
  });

const wahaException = z.strictObject({
  statusCode: z.literal(500),
  timestamp: z.iso.datetime(),
  exception: z.looseObject({ message: z.string(), name: z.string() }),
  request: z.strictObject({ path: z.string(), method: z.string(), body: z.unknown(), query: z.unknown() }),
  version: z.looseObject({ version: z.string(), engine: z.string() }),
});

const wahaSessionState = z.strictObject({
  error: z.string(),
  session: z.string(),
  status: z.string().optional(),
  expected: z.array(z.string()).optional(),
});

const wahaErrors: Readonly<Record<number, z.ZodType>> = {
  400: wahaRefusal(400, 'Bad Request'),
  401: z.strictObject({ message: z.literal('Unauthorized'), statusCode: z.literal(401) }),
  404: wahaRefusal(404, 'Not Found'),
  422: z.union([wahaSessionState, wahaRefusal(422, 'Unprocessable Entity')]),
  500: wahaException,
  501: wahaRefusal(501, 'Not Implemented'),
};

/** What is wrong with the body of an error whose status the document leaves out; undefined where such an error is unknown. */
export function errorProblemsOf(
  vendor: DocumentedVendor,
  contract: Contract,
  { status, body }: { status: number; body: string },
): string[] | undefined {
  switch (vendor) {
    case 'waha':
      return wahaProblems(status, body);
    case 'openai':
      return openaiErrors.includes(status) ? contract.problems('ErrorResponse', parsed(body)) : undefined;
    case 'msgraph':
      // Of a path that it does not know, or that is left out of our cut of its document.
      return [400, 401, 404, 405, 501].includes(status)
        ? contract.problems('microsoft.graph.ODataErrors.ODataError', parsed(body))
        : undefined;
  }
}

// OpenAI's document tells of 429 and few others; the rest by its guide to errors, all in the one shape that it has.
// @see https://platform.openai.com/docs/guides/error-codes
const openaiErrors: readonly number[] = [400, 401, 403, 404, 409, 422, 500, 503];

function wahaProblems(status: number, body: string): string[] | undefined {
  const checked = wahaErrors[status]?.safeParse(parsed(body));
  return checked?.error ? checked.error.issues.map(({ path, message }) => `/${path.join('/')} ${message}`) : checked && [];
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
