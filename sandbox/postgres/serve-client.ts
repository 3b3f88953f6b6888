import type { Socket } from 'node:net';
import { strikes } from '../kit/applications.ts';
import { askerOf, outcomeOf, type Client, type ClientOptions } from './client.ts';
import { errorOf, passes } from './faults.ts';
import { fatal, greet, login, welcome } from './greeting.ts';
import { performUnit } from './perform-unit.ts';
import { cleanUp } from './session.ts';
import { createUnitReader } from './units.ts';
import { createMessageReader } from './wire.ts';

/** Serves a client until it is gone, and leaves the shared session as if it had never been there. */
export async function serveClient(socket: Socket, options: ClientOptions): Promise<void> {
  socket.on('error', () => undefined); // the reader sees the end
  socket.setNoDelay(true);
  const reader = createMessageReader(socket);
  const client: Client = {
    socket,
    reader,
    units: createUnitReader(reader, options.id),
    options,
    status: 'I',
    release: undefined,
    hasWorked: false,
    skipping: false,
  };
  if (await letIn(client)) await work(client);
  if (client.hasWorked) await cleanUp(client);
  socket.end();
}

async function letIn(client: Client): Promise<boolean> {
  const { socket, reader, options } = client;
  if (!(await greet(socket, reader))) return false;
  const asked = await options.supervisor.ask({ method: 'CONNECT', path: `/${login.database}`, body: '' }, askerOf(client));
  const { fault } = asked;
  if (fault && !(await passes(client, asked, fault))) {
    const error = strikes(fault) ? undefined : errorOf(fault);
    if (error) fatal(socket, error);
    else socket.destroy();
    asked.answered(outcomeOf(client, error));
    return false;
  }
  socket.write(welcome(options.id, options.serverVersion));
  asked.answered({ status: 200, response: '' });
  return true;
}

async function work(client: Client): Promise<void> {
  for (;;) {
    const unit = await client.units.next();
    if (unit === undefined) return;
    if (unit === 'refused') {
      fatal(client.socket, { code: '08P01', message: 'sandbox/postgres does not play this message of the protocol' });
      return;
    }
    await performUnit(client, unit);
    if (client.socket.destroyed) return;
  }
}
