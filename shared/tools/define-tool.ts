import { z } from 'zod';
import type { PersonCaller } from '../core/caller.ts';
import { AppError } from '../core/errors.ts';
import type { Role } from '../core/roles.ts';
import type { Operation } from '../ports/operation.ts';

/** What a tool is called with, beside its input. */
export interface ToolCall {
  readonly caller: PersonCaller;
  /** Milliseconds since 1970: the time the person wrote at, by which "tomorrow" is judged. */
  readonly now: number;
  readonly signal: AbortSignal;
}

export interface WriteCall extends ToolCall {
  readonly operation: Operation;
}

interface Common<Input, Output> {
  /** Suits MCP and OpenAI: `[a-zA-Z0-9_-]{1,64}`. */
  readonly name: string;
  /** For the model: what it does and when to call it. */
  readonly description: string;
  /** For people: an example of asking for it, told by `help`. */
  readonly example?: string;
  /** The least role that may call it. */
  readonly role: Role;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
}

export interface ReadTool<Input, Output> extends Common<Input, Output> {
  readonly effect: 'read';
  readonly run: (input: Input, call: ToolCall) => Promise<Output>;
}

export interface WriteTool<Input, Output> extends Common<Input, Output> {
  readonly effect: 'write';
  /** Whether it changes or takes away what was there, beside adding to it; where nothing is said, it may. */
  readonly destructive?: boolean;
  /** Whether the same arguments again change nothing more; where nothing is said, they do. */
  readonly idempotent?: boolean;
  /** Values of the input that may come from the person's own words alone: recipients, addresses, ids to write to. */
  readonly fromPerson: (input: Input) => readonly string[];
  /** One line that tells the person what would be done, from the input: "Book Sun 22 Nov 2026, …: “Review”". */
  readonly proposal: (input: Input, call: Pick<ToolCall, 'caller'>) => string;
  /** One line that tells the person what was done, from the result. */
  readonly receipt: (output: Output, call: ToolCall) => string;
  readonly run: (input: Input, call: WriteCall) => Promise<Output>;
}

/** As MCP names them. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
}

/** A tool as servers and catalogues use it: checked at both ends, its schemas rendered once. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly example: string | undefined;
  readonly role: Role;
  readonly effect: 'read' | 'write';
  /** What clients may go by when they ask their user for leave. */
  readonly annotations: ToolAnnotations;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema: Readonly<Record<string, unknown>>;
  /** The values of these arguments that must come from the person; none for a read. */
  readonly fromPerson: (input: unknown) => readonly string[];
  /** What it would do, in words; '' for a read. @throws {AppError} `invalid-input`, as `run`. */
  readonly proposal: (input: unknown, call: Pick<ToolCall, 'caller'>) => string;
  /** @throws {AppError} `invalid-input` naming what is wrong with the arguments; else as the domain. */
  readonly run: (
    input: unknown,
    call: WriteCall,
  ) => Promise<{ output: Readonly<Record<string, unknown>>; receipt: string | undefined }>;
}

/** Adds the checking to a tool: input and output parsed, schemas rendered for MCP and for the model. */
export function defineTool<Input, Output extends object>(definition: ReadTool<Input, Output> | WriteTool<Input, Output>): Tool {
  const parse = (input: unknown): Input => {
    const parsed = definition.input.safeParse(input);
    if (parsed.success) return parsed.data;
    throw new AppError('invalid-input', `Arguments of ${definition.name}: ${z.prettifyError(parsed.error)}`);
  };
  return {
    name: definition.name,
    description: definition.description,
    example: definition.example,
    role: definition.role,
    effect: definition.effect,
    annotations:
      definition.effect === 'read'
        ? { readOnlyHint: true, destructiveHint: false, idempotentHint: true }
        : {
            readOnlyHint: false,
            destructiveHint: definition.destructive ?? true,
            idempotentHint: definition.idempotent ?? false,
          },
    inputSchema: z.toJSONSchema(definition.input, { io: 'input', target: 'draft-7' }),
    outputSchema: z.toJSONSchema(definition.output, { target: 'draft-7' }),
    fromPerson: (input) => (definition.effect === 'write' ? definition.fromPerson(parse(input)) : []),
    proposal: (input, call) => (definition.effect === 'write' ? definition.proposal(parse(input), call) : ''),
    async run(input, call) {
      const parsed = parse(input);
      const output = definition.output.parse(await definition.run(parsed, call));
      const receipt = definition.effect === 'write' ? definition.receipt(output, call) : undefined;
      return { output: output as Readonly<Record<string, unknown>>, receipt };
    },
  };
}
