import { onTestFinished } from 'vitest';
import { connectTools } from '../../shared/conversation/turn/tool-client.ts';
import type { PersonCaller } from '../../shared/core/caller.ts';
import type { Operation } from '../../shared/ports/operation.ts';
import { createTools, type Tool } from '../../shared/tools/index.ts';
import { createToolPorts } from '../support/tool-ports.ts';

export const ana: PersonCaller = {
  kind: 'person',
  personId: 'ana',
  name: 'Ana Ribeiro',
  email: 'ana@alderfinch.example',
  role: 'user',
  timeZone: 'Europe/Lisbon',
};
/** Saturday, 21 November 2026, 09:30 in Lisbon. */
export const now = Date.UTC(2026, 10, 21, 9, 30);

/** The tools of a caller over MCP, with a calendar and a directory in memory. */
export async function connect(
  options: { caller?: PersonCaller; spoken?: readonly string[]; extra?: readonly Tool[]; now?: number } = {},
) {
  const { caller = ana, spoken = ['ben@alderfinch.example', 'eva@guest.example'], extra = [] } = options;
  const ports = createToolPorts();
  const { calendar, directory } = ports;
  directory.people.push({ oid: 'o2', name: 'Ben Okafor', email: 'ben@alderfinch.example' });
  const keys: string[] = [];
  const operation: Operation = {
    run(name, write) {
      keys.push(name);
      return write.perform(`key-of-${name}`, new AbortController().signal);
    },
  };
  const client = await connectTools(
    {
      tools: [...createTools(ports, 'acme'), ...extra],
      caller,
      now: options.now ?? now,
      signal: new AbortController().signal,
      isFromPerson: (value) => spoken.includes(value),
    },
    () => operation,
  );
  onTestFinished(() => client.close());
  const call = (name: string, input: unknown) =>
    client.call(
      { callId: 'c1', name, arguments: typeof input === 'string' ? input : JSON.stringify(input) },
      { n: 0, position: 0, resumed: false, attempt: { mayBeDone: false } },
    );
  return { client, ports, calendar, directory, call, keys };
}
