import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** The sandbox's side of the clock: long polls that are answered when time is moved. */
export async function startClock(offsetMs: number) {
  let state = { version: 0, offsetMs };
  const waiting = new Set<ServerResponse>();
  const acknowledged: number[] = [];
  const answer = (response: ServerResponse) => void response.end(JSON.stringify(state));
  const server = createServer((request, response) => {
    const after = Number(new URL(request.url ?? '/', 'http://localhost').searchParams.get('after'));
    acknowledged.push(after);
    if (after !== state.version) answer(response);
    else waiting.add(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const setOffset = (offset: number) => {
    state = { version: state.version + 1, offsetMs: offset };
    for (const response of waiting) answer(response);
    waiting.clear();
    return state.version;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/clock`,
    acknowledged: () => acknowledged.at(-1),
    /** Moves the clock, and answers whoever waits for that; returns the new version. */
    move: (byMs: number) => setOffset(state.offsetMs + byMs),
    moveTo: (time: string) => setOffset(offsetTo(time)),
  };
}

/** The offset that makes it `time` now. */
export function offsetTo(time: string): number {
  return Date.parse(time) - Date.now();
}
