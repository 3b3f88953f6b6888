import type { FetchHandler } from '../kit/http.ts';
import { answerContainers, answerDatabases, describeAccount, describePartitionRanges } from './account-api.ts';
import { toResponse, type Answer, type AnsweredBy, type Exchange } from './answer.ts';
import { assertAuthorised } from './auth.ts';
import type { Catalog } from './catalog.ts';
import { failureCharge } from './charges.ts';
import type { Container } from './container.ts';
import { answerDocuments, isPlanRequest } from './documents-api.ts';
import { badRequest, CosmosError, errorBody, notPlayed } from './errors.ts';
import type { Meter } from './meter.ts';

export interface ApiNeeds {
  readonly catalog: Catalog;
  readonly key: string;
  readonly meter: Meter;
}

/** The REST API: account, databases, containers, documents. */
export function createApi(needs: ApiNeeds): FetchHandler {
  return async (request) => {
    try {
      const exchange = await readExchange(request);
      assertAuthorised(exchange, needs.key);
      return route(needs, exchange);
    } catch (error) {
      return toResponse(refusal(error));
    }
  };
}

async function readExchange(request: Request): Promise<Exchange> {
  const url = new URL(request.url);
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  return {
    method: request.method,
    segments: segments.map(decodeSegment),
    headers: request.headers,
    origin: url.origin,
    body: await request.text(),
  };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest(`The path segment '${segment}' is not encoded well.`);
  }
}

function route({ catalog, meter }: ApiNeeds, exchange: Exchange): Response {
  const { segments, origin } = exchange;
  const [databases, databaseId = '', containers, containerId = '', kind] = segments;
  if (databases === undefined) return toResponse(describeAccount(origin));
  if (databases !== 'dbs') throw notPlayed(`'${databases}'`);
  if (containers === undefined) return toResponse(answerDatabases(catalog, exchange));
  if (containers !== 'colls') throw notPlayed(`'${containers}'`);
  if (kind === undefined) return toResponse(answerContainers(catalog, exchange));
  const container = catalog.container(databaseId, containerId);
  if (kind === 'pkranges') return toResponse(describePartitionRanges(container));
  if (kind !== 'docs' || segments.length > 6) throw notPlayed(`'${segments.slice(4).join('/')}'`);
  return aboutDocuments(container, { exchange, meter });
}

/** A refusal tells the session token too: after a 409 or 412 the client sees what stood in its way. */
function aboutDocuments(container: Container, { exchange, meter }: { exchange: Exchange; meter: Meter }): Response {
  const by = (lsn: number): AnsweredBy => ({
    containerRid: container.rid,
    containerPath: exchange.segments.slice(0, 4).join('/'),
    lsn,
  });
  try {
    const { lsn, ...answer } = answerDocuments(container, exchange);
    if (!isPlanRequest(exchange)) meter.add(answer.charge);
    return toResponse(answer, by(lsn));
  } catch (error) {
    const answer = refusal(error);
    if (!isPlanRequest(exchange)) meter.add(answer.charge);
    return toResponse(answer, by(container.lsn()));
  }
}

function refusal(error: unknown): Answer {
  if (!(error instanceof CosmosError)) throw error;
  return {
    status: error.status,
    body: errorBody(error.status, error.message),
    headers: error.substatus === 0 ? {} : { 'x-ms-substatus': String(error.substatus) },
    charge: failureCharge(error.status),
  };
}
