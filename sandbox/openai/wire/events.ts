import { textOf, type OutputItem, type WireResponse } from './response.ts';
import { isObject } from './strict-schema.ts';

type Event = Record<string, unknown> & { type: string };

/** The events of a streamed response in the vendor's order, numbered. */
export function responseEvents(open: WireResponse, closed: WireResponse): Event[] {
  const last = closed.status === 'completed' || closed.status === 'failed' ? closed.status : 'incomplete';
  const events: Event[] = [
    { type: 'response.created', response: open },
    { type: 'response.in_progress', response: open },
    ...closed.output.flatMap(itemEvents),
    { type: `response.${last}`, response: closed },
  ];
  return events.map((event, index) => ({ ...event, sequence_number: index }));
}

export function eventStream(events: readonly Event[]): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const event of events) {
        controller.enqueue(encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`));
        // Each event is a write of its own, as it is on the wire.
        await new Promise(setImmediate);
      }
      controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' } });
}

function itemEvents(item: OutputItem, index: number): Event[] {
  const at = { output_index: index };
  const inner =
    item.type === 'message' ? messageEvents(item, index) : item.type === 'function_call' ? callEvents(item, index) : [];
  return [
    { type: 'response.output_item.added', ...at, item: begun(item) },
    ...inner,
    { type: 'response.output_item.done', ...at, item },
  ];
}

function begun(item: OutputItem): OutputItem {
  if (item.type === 'message') return { ...item, status: 'in_progress', content: [] };
  if (item.type === 'function_call') return { ...item, status: 'in_progress', arguments: '' };
  return item;
}

function messageEvents(item: OutputItem, index: number): Event[] {
  const parts = Array.isArray(item.content) ? item.content.filter(isObject) : [];
  return parts.flatMap((part, contentIndex) => {
    const at = { item_id: item.id, output_index: index, content_index: contentIndex };
    const isText = part.type === 'output_text';
    const kind = isText ? 'output_text' : 'refusal';
    const field = isText ? 'text' : 'refusal';
    const text = typeof part[field] === 'string' ? part[field] : '';
    const logprobs = isText ? { logprobs: [] } : {};
    return [
      { type: 'response.content_part.added', ...at, part: { ...part, [field]: '' } },
      ...pieces(text).map((delta) => ({ type: `response.${kind}.delta`, ...at, delta, ...logprobs })),
      { type: `response.${kind}.done`, ...at, [field]: text, ...logprobs },
      { type: 'response.content_part.done', ...at, part },
    ];
  });
}

function callEvents(item: OutputItem, index: number): Event[] {
  const at = { item_id: item.id, output_index: index };
  const text = textOf(item);
  return [
    ...pieces(text).map((delta) => ({ type: 'response.function_call_arguments.delta', ...at, delta })),
    { type: 'response.function_call_arguments.done', ...at, name: item.name, arguments: text },
  ];
}

/** A text word by word, as tokens come. */
function pieces(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}
