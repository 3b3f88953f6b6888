import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { z } from 'zod';
import { AppError, type ErrorCode, type Vendor } from '../../core/errors.ts';
import type { Attempt } from '../operation.ts';
import type { RecordedCall } from '../../ports/documents.ts';
import type { ModelTool } from '../../ports/model.ts';
import { withSpan } from '../../telemetry/index.ts';
import {
  createToolServer,
  errorMeta,
  positionMeta,
  receiptMeta,
  schemaValidators,
  type ToolServerOptions,
} from '../../tools/index.ts';

/** The tools of one caller, over MCP within the process. */
export interface ToolClient {
  readonly tools: readonly ModelTool[];
  /** `read` for a tool that is not there: asking for it changes nothing. */
  effectOf(name: string): 'read' | 'write';
  /**
   * @param place Where the call stands, so that its writes get their keys.
   * @throws {AppError} whatever the tool threw, by its code.
   */
  call(call: RecordedCall, place: CallPlace): Promise<{ output: string; receipt: string | undefined }>;
  close(): Promise<void>;
}

export interface CallPlace {
  readonly n: number | undefined;
  readonly position: number;
  readonly resumed: boolean;
  readonly attempt: Attempt;
}

const ErrorMeta = z.object({
  code: z.string(),
  vendor: z.string().optional(),
  retryAfterMs: z.number().optional(),
  maybeDone: z.boolean().optional(),
});

// A call ends by the signal that its tool was given: the client's own minute would leave a write running behind its back.
const endlessMs = 2 ** 31 - 1;
// What a tool may answer: beyond it the model is told that the rest was cut.
const maxOutputChars = 24_000;

/** Connects a client to a server of this caller's tools. `operationOf` makes the operation of a call from its place. */
export async function connectTools(
  options: Omit<ToolServerOptions, 'operationAt'>,
  operationOf: (place: CallPlace) => ReturnType<ToolServerOptions['operationAt']>,
): Promise<ToolClient> {
  const places = new Map<number, CallPlace>();
  let nextTicket = 0;
  const placeOf = (ticket: number): CallPlace => {
    const place = places.get(ticket);
    if (place) return place;
    throw new AppError('invalid-input', 'A call without a place cannot write');
  };
  const server = createToolServer({ ...options, operationAt: (ticket) => operationOf(placeOf(ticket)) });
  const client = new Client({ name: 'adjutant-turn', version: '1' }, { jsonSchemaValidator: schemaValidators });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(serverSide), client.connect(clientSide)]);
  const listed = (await client.listTools()).tools;
  const names = new Set(listed.map(({ name }) => name));
  // A name that the model made up is text of its own.
  const spanOf = (name: string) => `tool ${names.has(name) ? name : 'unknown'}`;
  const writes = new Set(listed.filter(({ annotations }) => annotations?.readOnlyHint !== true).map(({ name }) => name));

  return {
    tools: listed.map(({ name, description, inputSchema }) => ({
      name,
      description: description ?? '',
      parameters: inputSchema,
    })),
    effectOf: (name) => (writes.has(name) ? 'write' : 'read'),
    call: (call, place) =>
      withSpan(spanOf(call.name), { position: place.position, resumed: place.resumed }, async () => {
        const ticket = nextTicket++;
        places.set(ticket, place);
        try {
          const name = call.name;
          const request = { name, arguments: parseArguments(call), _meta: { [positionMeta]: ticket } };
          return readResult(await client.callTool(request, undefined, { timeout: endlessMs }));
        } finally {
          places.delete(ticket);
        }
      }),
    close: () => client.close(),
  };
}

/** The arguments as the model wrote them. @throws {AppError} `invalid-input` for what is no JSON object. */
export function parseArguments({ name, arguments: text }: RecordedCall): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text === '' ? '{}' : text));
  } catch (cause) {
    throw new AppError('invalid-input', `The arguments of ${name} are not a JSON object`, { cause });
  }
}

function readResult(result: Awaited<ReturnType<Client['callTool']>>): { output: string; receipt: string | undefined } {
  const texts = z
    .array(z.object({ type: z.literal('text'), text: z.string() }))
    .catch([])
    .parse(result.content);
  const output = texts.map(({ text }) => text).join('\n');
  if (result.isError === true) throw toError(result._meta?.[errorMeta], output);
  const receipt = z.string().optional().parse(result._meta?.[receiptMeta]);
  const cut = output.length > maxOutputChars ? `${output.slice(0, maxOutputChars)}\n[cut: the result is longer]` : output;
  return { output: cut, receipt };
}

/** The error as the tool threw it. Its words are ours: they name what is wrong and what to do. */
function toError(meta: unknown, output: string): AppError {
  const parsed = ErrorMeta.safeParse(meta);
  if (!parsed.success) return new AppError('invalid-input', output);
  const { code, vendor, retryAfterMs, maybeDone } = parsed.data;
  const words = z.object({ message: z.string() }).safeParse(safeJson(output));
  return new AppError(code as ErrorCode, words.success ? words.data.message : output, {
    maybeDone: maybeDone ?? false,
    vendor: vendor as Vendor | undefined,
    retryAfterMs,
  });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
