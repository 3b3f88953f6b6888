import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SandboxContext } from '../../../sandbox/kit/context.ts';

/** Where the vendors are, and how the application answers a text. */
export interface ApplicationOptions {
  readonly context: SandboxContext;
  readonly sandboxUrl: () => string;
  answer(text: string): string;
}

interface Webhook {
  readonly event: string;
  readonly session: string;
  readonly payload: { readonly from: string; readonly body: string };
}

/**
 * Something in the application's place: takes the webhook, asks the model twice with a tool between, and sends the answer,
 * telling spans and carrying `traceparent` as the application does.
 */
export function createApplication(options: ApplicationOptions) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const webhook = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Webhook;
    response.writeHead(202).end();
    if (webhook.event === 'message') await work(options, webhook, String(request.headers['x-webhook-request-id']));
  };
}

async function work(options: ApplicationOptions, { session, payload }: Webhook, requestId: string): Promise<void> {
  const { context, sandboxUrl } = options;
  const trace = createTrace(sandboxUrl);
  const bell = (method: string) => {
    const at = new Date(context.clock.now()).toISOString();
    const headers = { traceparent: trace.traceparent(webhookSpan) };
    context.journal.record({
      ...{ vendor: 'servicebus', method, path: 'bells', headers, at, body: '{}', status: 200 },
      response: '',
      durationMs: 0,
    });
  };
  const post = (path: string, under: string, body: unknown) =>
    fetch(`${sandboxUrl()}${path}`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', traceparent: trace.traceparent(under) },
        ...{ 'x-api-key': 'page-test-key', authorization: 'Bearer page-test-key' },
      },
      body: JSON.stringify(body),
    });

  const webhookSpan = trace.begin('webhook', undefined, { 'waha.request_id': requestId, outcome: 'stored' });
  bell('SEND');
  trace.end(webhookSpan);
  bell('RECEIVE');
  const wake = trace.begin('wake', webhookSpan, { conversation: payload.from });
  const turn = trace.begin('turn', webhookSpan, { outcome: 'answered' });
  await post('/waha/api/startTyping', turn, { session, chatId: payload.from });
  const reasoning = trace.begin('node reasoning', turn);
  const input: unknown[] = [{ role: 'user', content: payload.body }];
  const first = (await (await post('/openai/v1/responses', reasoning, { model: 'adjutant-rules-1', input })).json()) as {
    output?: { type: string; call_id: string }[];
  };
  trace.end(reasoning);
  const tool = trace.begin('tool calendar_list_events', turn, { position: '0' });
  trace.end(tool);
  const call = first.output?.find(({ type }) => type === 'function_call');
  const result = { type: 'function_call_output', call_id: call?.call_id, output: '{"events":["Board meeting"]}' };
  if (call) await post('/openai/v1/responses', turn, { model: 'adjutant-rules-1', input: [...input, call, result] });
  trace.end(turn);
  const send = trace.begin('send', wake);
  await post('/waha/api/sendText', send, { session, chatId: payload.from, text: options.answer(payload.body) });
  trace.end(send);
  trace.end(wake);
  bell('COMPLETE');
  await trace.export();
}

function createTrace(sandboxUrl: () => string) {
  const traceId = randomBytes(16).toString('hex');
  const spans = new Map<string, Record<string, unknown>>();
  const nanos = () => `${Date.now()}000000`;
  return {
    traceparent: (spanId: string) => `00-${traceId}-${spanId}-01`,
    begin(name: string, parentSpanId?: string, attributes: Record<string, string> = {}): string {
      const spanId = randomBytes(8).toString('hex');
      const told = Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
      spans.set(spanId, { traceId, spanId, parentSpanId, name, startTimeUnixNano: nanos(), attributes: told });
      return spanId;
    },
    end: (spanId: string) => void spans.set(spanId, { ...spans.get(spanId), endTimeUnixNano: nanos() }),
    export: () =>
      fetch(`${sandboxUrl()}/otlp/v1/traces`, {
        method: 'POST',
        body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [...spans.values()] }] }] }),
      }),
  };
}
