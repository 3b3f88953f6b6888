import { expect, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { readSpans } from '../../shared/telemetry/index.ts';
import { defineTool } from '../../shared/tools/define-tool.ts';
import { createRemoteCatalogue, createRemoteServer } from '../../shared/tools/mcp-remote.ts';
import { schemaValidators } from '../../shared/tools/schema-validators.ts';
import { verifies } from '../verifies.ts';
import { callOf, list, startEndpoint, url } from './start-endpoint.ts';

verifies('mcp:one-trace', "the request's own span of the host is the parent, before what the client sent", async () => {
  const { endpoint } = startEndpoint();
  const newSpans = readSpans();
  newSpans();
  const [ofClient, ofHost] = [`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, `00-${'a'.repeat(32)}-${'c'.repeat(16)}-01`];
  const request = () =>
    new Request(url, {
      method: 'POST',
      headers: { authorization: 'Bearer ana', 'content-type': 'application/json', traceparent: ofClient },
      body: JSON.stringify(list),
    });

  await endpoint.serve(request(), ofHost);
  await endpoint.serve(request());

  const parents = newSpans().items.flatMap(({ name, traceId, parentSpanId }) =>
    name === 'mcp' ? [`00-${traceId}-${parentSpanId ?? ''}-01`] : [],
  );
  expect(parents).toEqual([ofHost, ofClient]);
});

verifies(['mcp:limits', 'limits:time'], 'a call ends with its time, and one that is done holds no timer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const begun = Promise.withResolvers<undefined>();
  const hanging = defineTool({
    name: 'people_hang',
    description: 'x',
    role: 'user',
    effect: 'read',
    input: z.object({}),
    output: z.object({}),
    run: (_input, { signal }) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        begun.resolve(undefined);
      }),
  });
  const { send } = startEndpoint({ extra: [hanging] });

  await send(callOf('people_whoami'));
  const left = vi.getTimerCount();
  const answer = send(callOf('people_hang'));
  await begun.promise;
  vi.advanceTimersByTime(50_000);

  expect(JSON.stringify((await answer).body)).toContain('The time of the call was up');
  expect([left, vi.getTimerCount()]).toEqual([0, 0]);
});

verifies('mcp:schemas', 'a request compiles no schema of its own', () => {
  const server = createRemoteServer({
    ...{ catalogue: createRemoteCatalogue([]), role: 'user', headerKey: undefined },
    call: () => Promise.reject(new Error('nobody calls')),
    onBug: () => undefined,
  });

  // The SDK keeps it in a field of its own, and makes an Ajv for each server that is given none.
  expect(Reflect.get(server, '_jsonSchemaValidator')).toBe(schemaValidators);
});
