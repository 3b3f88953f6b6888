import { z } from 'zod';
import { performSingleCall } from '../conversation/single-call.ts';
import type { SingleCallWork } from '../conversation/single-lease.ts';
import type { PersonCaller } from '../core/caller.ts';
import { AppError, type ErrorCode } from '../core/errors.ts';
import type { CallResult } from '../ports/documents.ts';
import type { Operation } from '../ports/operation.ts';
import { annotateSpan } from '../telemetry/index.ts';
import type { RemoteAnswer, RemoteCall } from '../tools/mcp-remote.ts';

export interface RemoteCallRequest {
  readonly caller: PersonCaller;
  readonly call: RemoteCall;
  /** Aborted when the time of the request is up. */
  readonly signal: AbortSignal;
}

/** Performs a call from outside: a read at once, a write under its key, once. */
export async function performRemoteCall(work: SingleCallWork, request: RemoteCallRequest): Promise<RemoteAnswer> {
  const { caller, call, signal } = request;
  if (call.tool.effect === 'write') return performWrite(work, request);
  const now = work.ports.clock.now();
  const { output } = await call.tool.run(call.input, { caller, now, signal, operation: readsOnly });
  return { output };
}

const readsOnly: Operation = {
  run: () => Promise.reject(new TypeError('A tool that says it reads wanted to write')),
};

async function performWrite(work: SingleCallWork, { caller, call, signal }: RemoteCallRequest): Promise<RemoteAnswer> {
  const { tool, input, idempotencyKey } = call;
  if (idempotencyKey === undefined) {
    throw new AppError(
      'invalid-input',
      'A write needs an idempotency key: send `idempotencyKey` among the arguments, a new random value for each new wish and the same one when repeating a call',
    );
  }
  const foreign = tool.fromPerson(input).filter((value) => !isColleague(value, caller.email));
  if (foreign.length > 0) {
    throw new AppError('forbidden', `Only the person themselves can name ${foreign.join(', ')}: ask them to do it in their chat`);
  }
  const { result, repeated } = await performSingleCall(
    work,
    { personId: caller.personId, key: idempotencyKey, name: tool.name, input, signal },
    ({ now, operation, signal: whileHeld }) => tool.run(input, { caller, now, operation, signal: whileHeld }),
  );
  annotateSpan({ status: result.status, repeated });
  return toAnswer(result, repeated);
}

/** An address of the caller's own organisation: what else is written to, no request can prove to be their wish. */
function isColleague(value: string, email: string): boolean {
  const domain = email.slice(email.lastIndexOf('@')).toLowerCase();
  return value.indexOf('@') === value.lastIndexOf('@') && value.toLowerCase().endsWith(domain);
}

const Failure = z.object({ error: z.string(), message: z.string() });

function toAnswer({ status, output, receipt }: CallResult, repeated: boolean): RemoteAnswer {
  const value: unknown = JSON.parse(output);
  if (status === 'done' || status === 'proposed')
    return { output: z.record(z.string(), z.unknown()).parse(value), receipt, repeated };
  const { error, message } = Failure.parse(value);
  throw new AppError(error as ErrorCode, message);
}
