import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type CallToolResult,
  type Tool as ListedTool,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { isAtLeast, roles, type Role } from '../core/roles.ts';
import type { Tool } from './define-tool.ts';
import { receiptMeta, toErrorResult } from './mcp-server.ts';
import { schemaValidators } from './schema-validators.ts';

/** What a write answers in place of its result where the person has to say yes to it first, in their own chat. */
export const ConfirmationRequired = z.object({
  status: z.literal('confirmation-required'),
  approvalId: z.string(),
  expiresAt: z.string().describe('ISO 8601; a yes after it does nothing'),
  message: z.string().describe('What would be done, and where to say yes'),
});

/** Key of `_meta` by which a client names a write, in place of the argument `idempotencyKey`. */
export const idempotencyKeyMeta = 'adjutant/idempotency-key';
/** Key of `_meta` of a result: true where it is what the same key was answered before. */
export const repeatedMeta = 'adjutant/repeated';

const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,128}$/);

/** The tools as clients outside are shown them, by role; rendered once, at load. */
export interface RemoteCatalogue {
  list(role: Role): readonly ListedTool[];
  find(role: Role, name: string): Tool | undefined;
}

export function createRemoteCatalogue(tools: readonly Tool[]): RemoteCatalogue {
  const listed = new Map<Role, readonly ListedTool[]>(
    roles.map((role) => [role, tools.filter((tool) => isAtLeast(role, tool.role)).map(describe)]),
  );
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  return {
    list: (role) => listed.get(role) ?? [],
    find(role, name) {
      const tool = byName.get(name);
      return tool && isAtLeast(role, tool.role) ? tool : undefined;
    },
  };
}

/** A call from outside, its tool found and its key taken out of wherever the client put it. */
export interface RemoteCall {
  readonly tool: Tool;
  readonly input: Readonly<Record<string, unknown>>;
  /** Undefined where the client named none. */
  readonly idempotencyKey: string | undefined;
}

export interface RemoteAnswer {
  readonly output: Readonly<Record<string, unknown>>;
  readonly receipt?: string | undefined;
  readonly repeated?: boolean;
}

export interface RemoteServerOptions {
  readonly catalogue: RemoteCatalogue;
  readonly role: Role;
  /** The request's own `Idempotency-Key`, for clients that can set a header. */
  readonly headerKey: string | undefined;
  /** @throws {AppError} what the caller is told as an error of the tool; anything else is a bug, and `onBug` hears of it. */
  readonly call: (call: RemoteCall) => Promise<RemoteAnswer>;
  readonly onBug: (tool: string, error: unknown) => void;
}

/** An MCP server for one request of a client outside: it closes over who that is, so that no argument can name another. */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- the low-level server takes schemas rendered once, at load
export function createRemoteServer(options: RemoteServerOptions): Server {
  const { catalogue, role } = options;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- as above
  const server = new Server(
    { name: 'adjutant', version: '1' },
    { capabilities: { tools: {} }, jsonSchemaValidator: schemaValidators },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...catalogue.list(role)] }));
  const used = new Set<string>();
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => callTool({ ...options, used }, params));
  return server;
}

type Params = z.infer<typeof CallToolRequestSchema>['params'];

/** With the keys of the writes of this request so far: a batch holds many calls. */
type RequestOptions = RemoteServerOptions & { readonly used: Set<string> };

async function callTool(options: RequestOptions, { name, arguments: given = {}, _meta: meta }: Params) {
  const tool = options.catalogue.find(options.role, name);
  const known = tool?.name ?? 'unknown';
  try {
    if (!tool) throw new AppError('not-found', 'There is no such tool, or not for this person');
    return toResult(await options.call(readCall(tool, { given, meta }, options)));
  } catch (error) {
    if (error instanceof AppError) return withWait(toErrorResult(error, known), error);
    options.onBug(known, error);
    throw new McpError(ErrorCode.InternalError, 'The tool failed in a way it should not');
  }
}

function readCall(
  tool: Tool,
  { given, meta }: { given: Record<string, unknown>; meta: Params['_meta'] },
  { headerKey, used }: Pick<RequestOptions, 'headerKey' | 'used'>,
): RemoteCall {
  if (tool.effect === 'read') return { tool, input: given, idempotencyKey: undefined };
  const { idempotencyKey: argument, ...input } = given;
  const idempotencyKey = keyOf([argument, meta?.[idempotencyKeyMeta], unquoted(headerKey)]);
  if (idempotencyKey !== undefined && used.has(idempotencyKey)) {
    throw new AppError(
      'invalid-input',
      'Two writes of one request have the same idempotency key: give each its own, as the argument `idempotencyKey`; the header can name one write alone',
    );
  }
  if (idempotencyKey !== undefined) used.add(idempotencyKey);
  return { tool, input, idempotencyKey };
}

/** The one key that the call's argument, its `_meta` and the header of the whole request name, as far as they do. */
function keyOf(given: readonly unknown[]): string | undefined {
  const keys = given
    .filter((key) => key !== undefined)
    .map((key) => {
      const parsed = IdempotencyKey.safeParse(key);
      if (parsed.success) return parsed.data;
      throw new AppError('invalid-input', 'An idempotency key is 1 to 128 visible ASCII characters without spaces');
    });
  if (new Set(keys).size <= 1) return keys[0];
  throw new AppError(
    'invalid-input',
    'The argument `idempotencyKey`, `_meta` and the header `Idempotency-Key` name different keys for this write: send one, or the same in each',
  );
}

/** The header is a string of structured fields, in quotes (RFC 8941); many send it bare. */
function unquoted(value: string | undefined): string | undefined {
  return value?.trim().replace(/^"(.*)"$/, '$1');
}

function toResult({ output, receipt, repeated }: RemoteAnswer): CallToolResult {
  const meta = {
    ...(receipt === undefined ? {} : { [receiptMeta]: receipt }),
    ...(repeated ? { [repeatedMeta]: true } : {}),
  };
  return {
    content: [{ type: 'text', text: JSON.stringify(output) }],
    structuredContent: output,
    ...(Object.keys(meta).length === 0 ? {} : { _meta: meta }),
  };
}

/** How long to wait is told in words too, for a model that sees no `_meta`. */
function withWait(result: CallToolResult, { code, message, retryAfterMs }: AppError): CallToolResult {
  if (retryAfterMs === undefined) return result;
  const retryAfterSeconds = Math.ceil(retryAfterMs / 1_000);
  return { ...result, content: [{ type: 'text', text: JSON.stringify({ error: code, message, retryAfterSeconds }) }] };
}

const idempotencyKeySchema = {
  type: 'string',
  pattern: '^[!-~]{1,128}$',
  description:
    'Names this wish: a new random value for each new one, the same value when a call whose answer was lost is repeated. Required, unless the client sends a key of its own.',
};
const confirmationSchema = withoutDialect(z.toJSONSchema(ConfirmationRequired, { target: 'draft-7' }));

function describe({ name, description, effect, annotations, inputSchema, outputSchema }: Tool): ListedTool {
  const listed = {
    ...{ name, description, annotations },
    inputSchema: { ...inputSchema, type: 'object' as const },
    outputSchema: { ...outputSchema, type: 'object' as const },
  };
  if (effect === 'read') return listed;
  const { properties = {} } = listed.inputSchema as { properties?: Record<string, object> };
  const { $schema } = outputSchema as { $schema?: string };
  return {
    ...listed,
    inputSchema: { ...listed.inputSchema, properties: { ...properties, idempotencyKey: idempotencyKeySchema } },
    outputSchema: { $schema, type: 'object', anyOf: [withoutDialect(outputSchema), confirmationSchema] },
  };
}

/** A schema within another one says no dialect of its own. */
function withoutDialect(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema'));
}
