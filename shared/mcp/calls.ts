import { z } from 'zod';
import { askUnasked } from '../conversation/ask-unasked.ts';
import { performSingleCall } from '../conversation/single-call.ts';
import type { SingleCallWork } from '../conversation/single-lease.ts';
import type { PersonCaller } from '../core/caller.ts';
import { AppError, type ErrorCode } from '../core/errors.ts';
import type { CallResult } from '../ports/documents.ts';
import type { Ports } from '../ports/index.ts';
import type { Operation } from '../ports/operation.ts';
import { annotateSpan } from '../telemetry/index.ts';
import type { ConfirmationRequired, RemoteAnswer, RemoteCall } from '../tools/mcp-remote.ts';
import { outcomeOf } from './outcome-of.ts';

/** What calls from outside need; wiring fills it. */
export interface RemoteWork extends SingleCallWork {
  readonly ports: SingleCallWork['ports'] & Pick<Ports, 'bell' | 'people'>;
  /** How long a yes counts. */
  readonly approvalMs: number;
}

// Above the question in the chat.
const because = 'A program that works for you over MCP would like to:';

export interface RemoteCallRequest {
  readonly caller: PersonCaller;
  /** The id of the application that asks for them. */
  readonly client: string;
  readonly call: RemoteCall;
  /** Aborted when the time of the request is up. */
  readonly signal: AbortSignal;
}

/** Performs a call from outside: a read at once, a write under its key, once. */
export async function performRemoteCall(work: RemoteWork, request: RemoteCallRequest): Promise<RemoteAnswer> {
  const { caller, call, signal } = request;
  if (call.tool.effect === 'write') return performWrite(work, request);
  const now = work.ports.clock.now();
  const { output } = await call.tool.run(call.input, { caller, now, signal, operation: readsOnly });
  return { output };
}

const readsOnly: Operation = {
  run: () => Promise.reject(new TypeError('A tool that says it reads wanted to write')),
};

async function performWrite(work: RemoteWork, request: RemoteCallRequest): Promise<RemoteAnswer> {
  const { caller, client, call, signal } = request;
  const { tool, input, idempotencyKey } = call;
  if (idempotencyKey === undefined) {
    throw new AppError(
      'invalid-input',
      'A write needs an idempotency key: send `idempotencyKey` among the arguments, a new random value for each new wish and the same one when repeating a call',
    );
  }
  const foreign = tool.fromPerson(input).filter((value) => !isColleague(value, caller.email));
  const { result, repeated } = await performSingleCall(
    work,
    { personId: caller.personId, client, key: idempotencyKey, name: tool.name, input, signal },
    (single) => (foreign.length > 0 ? propose(work, request, { ...single, foreign }) : tool.run(input, { ...single, caller })),
  );
  annotateSpan({ status: result.status, repeated });
  const isAsked = repeated && result.status === 'proposed';
  return toAnswer(isAsked ? await outcomeOf(work.ports, { caller, asked: result, signal }) : result, repeated);
}

/** An address of the caller's own organisation: what else is written to, no request can prove to be their wish. */
function isColleague(value: string, email: string): boolean {
  const domain = email.slice(email.lastIndexOf('@')).toLowerCase();
  return value.indexOf('@') === value.lastIndexOf('@') && value.toLowerCase().endsWith(domain);
}

/** Asks the person in their own chat; their yes there runs exactly this call, as it would have been run here. */
async function propose(
  { ports, approvalMs }: RemoteWork,
  { caller, call: { tool, input } }: RemoteCallRequest,
  { id, now, signal, foreign }: { id: string; now: number; signal: AbortSignal; foreign: readonly string[] },
): Promise<{ status: 'proposed'; output: z.infer<typeof ConfirmationRequired> }> {
  const line = tool.proposal(input, { caller });
  const person = await ports.people.load(caller.personId, signal);
  const ref =
    person?.conversationId === undefined ? undefined : { workspace: person.workspace, conversationId: person.conversationId };
  const recorded = { callId: 'mcp', name: tool.name, arguments: JSON.stringify(input) };
  const asking = { personId: caller.personId, requestId: id, proposals: [{ call: recorded, line }], because, approvalMs, signal };
  const asked = ref && (await askUnasked(ports, ref, asking));
  if (asked?.kind !== 'asked') {
    throw new AppError(
      'forbidden',
      `Only the person themselves can name ${foreign.join(', ')}, and no chat of theirs can be asked: they do it in Outlook, or write to the assistant in WhatsApp first`,
    );
  }
  const expiresAt = new Date(now + approvalMs).toISOString();
  const message = `Not done yet. ${line}: the person is asked in their WhatsApp chat, and their yes there does exactly this`;
  return { status: 'proposed', output: { status: 'confirmation-required', approvalId: asked.approvalId, expiresAt, message } };
}

const Failure = z.object({ error: z.string(), message: z.string() });

function toAnswer({ status, output, receipt }: CallResult, repeated: boolean): RemoteAnswer {
  const value: unknown = JSON.parse(output);
  if (status === 'done' || status === 'proposed')
    return { output: z.record(z.string(), z.unknown()).parse(value), receipt, repeated };
  const { error, message } = Failure.parse(value);
  throw new AppError(error as ErrorCode, message);
}
