import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { PersonCaller } from '../core/caller.ts';
import { AppError } from '../core/errors.ts';
import { isAtLeast } from '../core/roles.ts';
import type { Operation } from '../ports/operation.ts';
import type { Tool } from './define-tool.ts';
import { schemaValidators } from './schema-validators.ts';

export interface ToolServerOptions {
  readonly tools: readonly Tool[];
  readonly caller: PersonCaller;
  readonly now: number;
  readonly signal: AbortSignal;
  /** The operation of the call at this position of the answer under way. */
  readonly operationAt: (position: number) => Operation;
  /** Whether the person themselves wrote this value; what they did not write may not be written to. */
  readonly isFromPerson: (value: string) => boolean;
}

/** Keys of `_meta` between this server and its client in the same process; a remote client ignores them. */
export const positionMeta = 'adjutant/position';
export const receiptMeta = 'adjutant/receipt';
export const errorMeta = 'adjutant/error';

/** An MCP server of the tools that this caller may use; it closes over the caller, so that no argument can name another. */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- the low-level server takes schemas rendered once, at load
export function createToolServer(options: ToolServerOptions): Server {
  const allowed = new Map(
    options.tools.filter(({ role }) => isAtLeast(options.caller.role, role)).map((tool) => [tool.name, tool]),
  );
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- as above
  const server = new Server(
    { name: 'adjutant', version: '1' },
    { capabilities: { tools: {} }, jsonSchemaValidator: schemaValidators },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...allowed.values()].map(describe) }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const position = z.int().catch(0).parse(params._meta?.[positionMeta]);
    return callTool(options, { tool: allowed.get(params.name), name: params.name, input: params.arguments ?? {}, position });
  });
  return server;
}

function describe({ name, description, annotations, inputSchema, outputSchema }: Tool) {
  return {
    name,
    description,
    inputSchema: { ...inputSchema, type: 'object' as const },
    outputSchema: { ...outputSchema, type: 'object' as const },
    annotations,
  };
}

interface Requested {
  readonly tool: Tool | undefined;
  readonly name: string;
  readonly input: unknown;
  readonly position: number;
}

async function callTool(options: ToolServerOptions, { tool, name, input, position }: Requested): Promise<CallToolResult> {
  try {
    if (!tool) throw new AppError('not-found', 'There is no such tool, or not for this person');
    refuseForeignValues(options, tool.fromPerson(input));
    const { caller, now, signal } = options;
    const { output, receipt } = await tool.run(input, { caller, now, signal, operation: options.operationAt(position) });
    return {
      content: [{ type: 'text', text: JSON.stringify(output) }],
      structuredContent: output,
      ...(receipt === undefined ? {} : { _meta: { [receiptMeta]: receipt } }),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return toErrorResult(error, tool?.name ?? name);
  }
}

/** Documents, cells, event bodies and names are data: a value that comes only from them is not written to. */
function refuseForeignValues(options: ToolServerOptions, values: readonly string[]): void {
  const foreign = values.filter((value) => !options.isFromPerson(value));
  if (foreign.length === 0) return;
  throw new AppError(
    'invalid-input',
    `The person did not write ${foreign.join(', ')}: ask them to write it themselves, then try again`,
  );
}

/** A failure as MCP tells it: a result that is an error, so that a model can act on it. */
export function toErrorResult({ code, message, vendor, retryAfterMs, maybeDone }: AppError, name: string): CallToolResult {
  return {
    isError: true,
    content: [{ type: 'text', text: JSON.stringify({ error: code, tool: name, message }) }],
    _meta: { [errorMeta]: { code, vendor, retryAfterMs, maybeDone } },
  };
}
