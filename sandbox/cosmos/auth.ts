import { createHmac } from 'node:crypto';
import { CosmosError } from './errors.ts';

export interface SignedRequest {
  readonly method: string;
  /** The path, decoded and split. */
  readonly segments: readonly string[];
  readonly headers: Headers;
}

/**
 * The signature is over verb, type and link of the resource, and date. The age of the date is not judged: the sandbox's
 * clock may be ahead of the client's. A bearer token is taken as it comes, if it looks like one.
 * @see https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources
 */
export function assertAuthorised(request: SignedRequest, key: string): void {
  const token = decodeToken(request.headers.get('authorization') ?? '');
  const date = request.headers.get('x-ms-date');
  if (token.get('type') === 'aad' && token.get('ver') === '1.0' && (token.get('sig') ?? '') !== '') return;
  if (token.size === 0)
    throw new CosmosError(401, 'Required Header authorization is missing. Ensure a valid Authorization token is passed.');
  if (date === null) throw new CosmosError(401, 'The input authorization token requires the header x-ms-date.');
  if (token.get('type') === 'master' && token.get('sig') === signatureOf(request, date, key)) return;
  throw new CosmosError(
    401,
    "The input authorization token can't serve the request. The wrong key is being used or the expected payload is not built as per the protocol. For more info: https://aka.ms/cosmosdb-tsg-unauthorized.",
  );
}

function signatureOf({ method, segments }: SignedRequest, date: string, key: string): string {
  const ofFeed = segments.length % 2 === 1;
  const type = segments.at(ofFeed ? -1 : -2) ?? '';
  const link = (ofFeed ? segments.slice(0, -1) : segments).join('/');
  const text = `${method.toLowerCase()}\n${type.toLowerCase()}\n${link}\n${date.toLowerCase()}\n\n`;
  return createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64');
}

/** `type=…&ver=…&sig=…`, percent-encoded as a whole; a signature is base64, so `+` and `=` are its own. */
function decodeToken(header: string): Map<string, string> {
  let text;
  try {
    text = decodeURIComponent(header);
  } catch {
    return new Map();
  }
  return new Map(
    text
      .split('&')
      .filter((part) => part.includes('='))
      .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
}
