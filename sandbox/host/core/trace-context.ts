import { randomBytes } from 'node:crypto';
import type { TraceContext } from './types.ts';

/**
 * What the application gets to hang its spans on. The host is a step of its own: the trace of what came in goes on, with a
 * new span id; without a valid `traceparent` a new trace begins.
 * @see https://www.w3.org/TR/trace-context/
 */
export function traceContextFrom(traceparent?: string, tracestate = ''): TraceContext {
  const incoming = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '');
  const valid = incoming && !/^0+$/.test(incoming[1] ?? '') && !/^0+$/.test(incoming[2] ?? '');
  const traceId = valid ? incoming[1] : randomBytes(16).toString('hex');
  const flags = valid ? incoming[3] : '01';
  return {
    traceParent: `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`,
    traceState: valid ? tracestate : '',
    attributes: {},
  };
}
