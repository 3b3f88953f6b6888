import { CosmosClient, type Container, type CosmosClientOptions } from '@azure/cosmos';
import { onTestFinished } from 'vitest';
import { createCosmos, type Cosmos, type CosmosOptions } from '../../../sandbox/cosmos/cosmos.ts';
import { createSandboxContext, type SandboxContext } from '../../../sandbox/kit/context.ts';

const key = Buffer.from('a key of the tests, 32 bytes long').toString('base64');

export interface StartedCosmos {
  readonly context: SandboxContext;
  readonly cosmos: Cosmos;
  /** A client of its own, with Session consistency unless told otherwise. */
  connect(options?: Partial<CosmosClientOptions>): Container;
  /** The container `conversations` as the first client sees it. */
  readonly conversations: Container;
}

const containers: CosmosOptions['containers'] = [{ name: 'conversations', partitionKey: '/conversationId', defaultTtl: -1 }];

/** The stand-in on a free port with one container, closed when the test ends. */
export async function startCosmos(
  options: Partial<CosmosOptions> & { readonly context?: SandboxContext } = {},
): Promise<StartedCosmos> {
  const { context = createSandboxContext(), ...rest } = options;
  const cosmos = await createCosmos(context, { key, database: 'adjutant', containers, staleReadMs: 0, ...rest });
  const clients: CosmosClient[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.dispose();
    context.clock.stop();
    await cosmos.close();
  });
  const connect = (overrides: Partial<CosmosClientOptions> = {}) => {
    const client = new CosmosClient({ endpoint: cosmos.endpoint, key, consistencyLevel: 'Session', ...overrides });
    clients.push(client);
    return client.database('adjutant').container('conversations');
  };
  return { context, cosmos, connect, conversations: connect() };
}

/** A request past the client, which keeps some limits itself; signed as Entra's tokens are. */
export function fetchDocuments(cosmos: Cosmos, headers: Record<string, string>, body: unknown): Promise<Response> {
  return fetch(`${cosmos.endpoint}/dbs/adjutant/colls/conversations/docs`, {
    method: 'POST',
    headers: { authorization: encodeURIComponent('type=aad&ver=1.0&sig=a.b.c'), ...headers },
    body: JSON.stringify(body),
  });
}

interface Refusal {
  readonly status: unknown;
  readonly message: string;
  readonly substatus: unknown;
}

/** What a refused request was answered; of a batch the client hides it in `cause`. */
export async function refusalOf(request: Promise<unknown>): Promise<Refusal> {
  try {
    await request;
  } catch (error) {
    const { cause = error } = error as { cause?: unknown };
    const { code, message, substatus } = cause as { code?: unknown; message: string; substatus?: unknown };
    return { status: code, message, substatus };
  }
  throw new Error('The request was not refused.');
}
