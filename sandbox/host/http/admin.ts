import { z } from 'zod';
import type { HostedFunction } from '../functions.ts';
import { readBody } from './read-body.ts';
import type { HostRequest } from './read-request.ts';

export interface AdminContext {
  readonly functions: readonly HostedFunction[];
  /** Where an HTTP function is called. */
  readonly urlOf: (hosted: HostedFunction) => string | null;
  /** Runs a function that is not HTTP now, without waiting for it. */
  readonly run: (hosted: HostedFunction, input: string) => void;
  readonly startedAtMs: number;
}

/** A status, and a body to be written as JSON. */
export interface AdminAnswer {
  readonly status: number;
  readonly body?: unknown;
}

const FunctionInvocation = z.object({ input: z.unknown().optional() });

/** The part of the real host's admin API that helps while developing; no key is asked, as under Core Tools. */
export async function answerAdmin(context: AdminContext, request: HostRequest): Promise<AdminAnswer> {
  const path = request.url.pathname.replace(/\/$/, '').toLowerCase();
  if (path === '/admin/host/ping') return { status: 200 };
  if (request.method === 'GET' && path === '/admin/host/status') return { status: 200, body: hostStatus(context) };
  if (request.method === 'GET' && path === '/admin/functions') {
    return { status: 200, body: context.functions.map((hosted) => describe(context, hosted)) };
  }
  const [, name, status] = /^\/admin\/functions\/([^/]+)(\/status)?$/.exec(path) ?? [];
  const hosted = context.functions.find((candidate) => encodeURIComponent(candidate.name).toLowerCase() === name);
  if (!hosted) return { status: 404 };
  if (request.method === 'GET') return { status: 200, body: status === undefined ? describe(context, hosted) : {} };
  if (request.method === 'POST' && status === undefined) return invoke(context, hosted, request);
  return { status: 404 };
}

async function invoke(context: AdminContext, hosted: HostedFunction, request: HostRequest): Promise<AdminAnswer> {
  const read = await readBody(request.incoming);
  const invocation = FunctionInvocation.safeParse(parseJson('bytes' in read ? read.bytes.toString('utf8') : ''));
  if (!invocation.success) return { status: 400, body: { message: 'send a JSON object: {"input": "…"}' } };
  if (hosted.trigger.type === 'http') {
    return { status: 400, body: { message: `${hosted.name} is an HTTP function: call ${context.urlOf(hosted) ?? ''}` } };
  }
  context.run(hosted, toText(invocation.data.input));
  return { status: 202 };
}

function toText(input: unknown): string {
  if (input === undefined || input === null) return '';
  return typeof input === 'string' ? input : JSON.stringify(input);
}

function describe(context: AdminContext, hosted: HostedFunction) {
  const { bindings } = hosted.registered.metadata;
  return {
    name: hosted.name,
    config: { name: hosted.name, bindings: Object.entries(bindings).map(([name, binding]) => ({ ...binding, name })) },
    invoke_url_template: context.urlOf(hosted),
    language: 'node',
    isDisabled: hosted.disabled,
  };
}

function hostStatus({ startedAtMs }: AdminContext) {
  const processUptime = Math.round(performance.now() - startedAtMs);
  return { id: 'local', state: 'Running', version: '4.1037.0.0', processUptime };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
