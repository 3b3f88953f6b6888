import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { HostLog } from '../core/core.ts';
import type { Invoker } from '../core/invoker.ts';
import { traceContextFrom } from '../core/trace-context.ts';
import type { InvocationResponse } from '../core/types.ts';
import type { HostedFunction } from '../functions.ts';
import { readBody } from './read-body.ts';
import { toBufferedData, type HostRequest } from './read-request.ts';
import { proxy, toStreamedData } from './stream.ts';
import { writeBuffered } from './write-response.ts';

export interface HttpContext {
  readonly invoker: Invoker;
  readonly log: HostLog;
  /** Where the library takes streamed requests; undefined where the application does not stream. */
  readonly httpUri: string | undefined;
  /** The longest body that a function is given. */
  readonly maxBodyBytes: number;
}

export interface HttpCall {
  readonly hosted: HostedFunction;
  readonly request: HostRequest;
  readonly params: Readonly<Record<string, string>>;
  readonly outgoing: ServerResponse;
}

/** Runs an HTTP function; what it throws is answered with an empty 500, as by the real host. */
export async function callFunction(context: HttpContext, call: HttpCall): Promise<void> {
  await (context.httpUri === undefined
    ? callBuffered(context, call)
    : callStreamed({ ...context, httpUri: context.httpUri }, call));
}

async function callBuffered(
  { invoker, log, maxBodyBytes }: HttpContext,
  { hosted, request, params, outgoing }: HttpCall,
): Promise<void> {
  const read = await readBody(request.incoming, maxBodyBytes);
  if ('refused' in read) {
    log('error', `Executed 'Functions.${hosted.name}' (Failed): Exception binding parameter. ${read.refused}`);
    refuseBody(request, outgoing);
    return;
  }
  const { bytes: body } = read;
  if (body.length > 0 && request.headers['content-length'] === undefined) {
    log('warning', `${hosted.name}: a chunked request body does not reach a function without enableHttpStream`);
  }
  let response: InvocationResponse;
  try {
    response = await invoker.invoke(hosted.registered, {
      bindingName: hosted.bindingName,
      data: toBufferedData(request, params, body),
      traceContext: traceOf(request),
    });
  } catch {
    outgoing.writeHead(500).end();
    return;
  }
  writeBuffered(outgoing, response.returnValue);
}

// Whoever is cut off while sending does not see the answer.
const drainMs = 1_000;

/** 500, and not the 413 one would expect: the real host's answer (azure-functions-host issue 10519). */
function refuseBody({ incoming }: HostRequest, outgoing: ServerResponse): void {
  incoming.resume();
  outgoing.writeHead(500, { connection: 'close' }).end();
  const cut = setTimeout(() => incoming.destroy(), drainMs);
  incoming.once('close', () => clearTimeout(cut));
}

async function callStreamed(
  context: HttpContext & { httpUri: string },
  { hosted, request, params, outgoing }: HttpCall,
): Promise<void> {
  const invocationId = randomUUID();
  const proxied = proxy({ request, outgoing, httpUri: context.httpUri, invocationId });
  // Without a response of the function there is none to pass on; the failure is answered below.
  const passedOn = proxied.done.then(
    () => true,
    () => false,
  );
  try {
    await context.invoker.invoke(hosted.registered, {
      invocationId,
      bindingName: hosted.bindingName,
      ...toStreamedData(request, params),
      traceContext: traceOf(request),
    });
  } catch {
    proxied.abort();
    await passedOn;
    if (proxied.started()) outgoing.destroy();
    else outgoing.writeHead(500).end();
    return;
  }
  if (!(await passedOn) && !outgoing.writableEnded) outgoing.destroy();
}

function traceOf({ headers }: HostRequest) {
  return traceContextFrom(headers['traceparent'], headers['tracestate']);
}
