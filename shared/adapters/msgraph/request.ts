import { z } from 'zod';
import { AppError, asAppError } from '../../core/errors.ts';
import { requestJson, type Fetch, type JsonRequest } from '../request-json.ts';

export interface MsgraphOptions {
  /** `https://graph.microsoft.com`, or the stand-in's address. */
  readonly baseUrl: string;
  readonly timeoutMs: number;
  /** An access token of this person. @throws {AppError} `sign-in-required`. */
  readonly tokenFor: (personId: string, signal?: AbortSignal) => Promise<string>;
  readonly fetch: Fetch;
}

export interface MsgraphRequest extends Partial<Omit<JsonRequest, 'vendor' | 'url' | 'timeoutMs'>> {
  /** Below `/v1.0`, or an absolute link of Graph's own (`@odata.nextLink`). */
  readonly path: string;
  readonly prefer?: readonly string[];
}

// What next links are made of, wherever Graph is really reached.
const graphOrigin = 'https://graph.microsoft.com';

const GraphError = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/**
 * One request to Graph as a person. We do without Graph's own client: it repeats a POST by itself, encodes nothing and
 * knows no time limit; `decisions/0002` tells of it.
 */
export async function graphRequest(options: MsgraphOptions, personId: string, request: MsgraphRequest): Promise<unknown> {
  const { path, prefer = [], headers = {}, ...rest } = request;
  const token = await options.tokenFor(personId, rest.signal);
  const baseUrl = options.baseUrl.replace(/\/$/, '');
  const url = path.startsWith('/') ? `${baseUrl}/v1.0${path}` : rebased(path, baseUrl);
  try {
    const { body } = await requestJson(options.fetch, {
      vendor: 'msgraph',
      url,
      timeoutMs: options.timeoutMs,
      ...rest,
      headers: { ...headers, authorization: `Bearer ${token}`, ...(prefer.length === 0 ? {} : { prefer: prefer.join(', ') }) },
    });
    return body;
  } catch (error) {
    throw translate(error);
  }
}

/** Graph's own code of a failure, for adapters that decide by it. */
export function graphErrorCode(error: unknown): string | undefined {
  const parsed = GraphError.safeParse(asAppError(error)?.cause);
  return parsed.success ? parsed.data.error.code : undefined;
}

/** A link leads where we were told Graph is, and nowhere else: the token goes with it. */
function rebased(link: string, baseUrl: string): string {
  if (!link.startsWith(`${graphOrigin}/`) && !link.startsWith(`${baseUrl}/`)) {
    throw new AppError('upstream', 'msgraph names a next page elsewhere', { vendor: 'msgraph' });
  }
  return link.startsWith(graphOrigin) ? `${baseUrl}${link.slice(graphOrigin.length)}` : link;
}

function translate(error: unknown): unknown {
  const known = asAppError(error);
  if (known?.code === 'unauthorized')
    return new AppError('sign-in-required', 'msgraph does not accept the token', { vendor: 'msgraph', cause: known });
  const code = graphErrorCode(error);
  return known && code !== undefined ? known.with({ message: `${known.message} ${code}`, vendor: 'msgraph' }) : error;
}
