import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { strikes, type Asker } from '../kit/applications.ts';
import type { Fault } from '../kit/faults.ts';
import type { Backend } from './backend.ts';
import type { Asked, Outcome, Supervisor } from './channel.ts';
import { fatal, greet, login, welcome } from './greeting.ts';
import { createUnitReader, type Unit, type UnitReader } from './units.ts';
import {
  createMessageReader,
  errorResponse,
  readyForQuery,
  type MessageReader,
  type SqlError,
  type TransactionStatus,
} from './wire.ts';

export interface ClientOptions {
  readonly id: number;
  readonly backend: Backend;
  readonly supervisor: Supervisor;
  readonly serverVersion: string;
}

/** One connected client. */
interface Client {
  readonly socket: Socket;
  readonly reader: MessageReader;
  readonly units: UnitReader;
  readonly options: ClientOptions;
  status: TransactionStatus;
  /** Gives the session back; set while this client holds it. */
  release: (() => void) | undefined;
  hasWorked: boolean;
  /** After an error before a Flush, all is skipped up to the next Sync. */
  skipping: boolean;
}

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

/** Whether a connection is made, under a fault. */
async function passes(client: Client, asked: Asked, fault: Fault): Promise<boolean> {
  return strikes(fault) ? !(await isKilled(client, asked, fault)) : goesOn(client, fault);
}

async function work(client: Client): Promise<void> {
  for (;;) {
    const unit = await client.units.next();
    if (unit === undefined) return;
    if (unit === 'refused') {
      fatal(client.socket, { code: '08P01', message: 'sandbox/postgres does not play this message of the protocol' });
      return;
    }
    await perform(client, unit);
    if (client.socket.destroyed) return;
  }
}

async function perform(client: Client, unit: Unit): Promise<void> {
  if (client.skipping) {
    if (unit.end === 'flush') return;
    client.skipping = false;
    client.socket.write(readyForQuery(client.status));
  } else {
    const method = (/^\s*([a-z]+)/i.exec(unit.sql)?.[1] ?? 'SYNC').toUpperCase();
    const asked = await client.options.supervisor.ask({ method, path: `/${login.database}`, body: unit.sql }, askerOf(client));
    const error = await answer(client, unit, asked);
    asked.answered(outcomeOf(client, error));
  }
  if (client.status === 'I' && unit.end !== 'flush') giveBack(client);
}

/** Does what the unit asks for, or what the fault says. */
async function answer(client: Client, unit: Unit, asked: Asked): Promise<SqlError | undefined> {
  const { fault } = asked;
  if (fault && strikes(fault)) return playStrike(client, unit, { ...asked, fault });
  if (fault && !(await goesOn(client, fault))) {
    const error = errorOf(fault);
    if (error) return fail(client, unit, error);
    client.socket.destroy();
    return undefined;
  }
  const refused = refusal(unit.sql);
  if (refused) return fail(client, unit, refused);
  return execute(client, unit, fault?.effect === 'answer-after-doing' ? () => Promise.resolve(true) : undefined);
}

/** The application that asked is killed, and its connection with it; or frozen, and the work or its answer comes late. */
async function playStrike(client: Client, unit: Unit, asked: Asked & { fault: Fault }): Promise<SqlError | undefined> {
  const { fault } = asked;
  if (fault.effect.endsWith('-after')) return execute(client, unit, () => isKilled(client, asked, fault));
  if (!(await isKilled(client, asked, fault))) return execute(client, unit);
  client.socket.destroy();
  return undefined;
}

const askerOf = ({ socket }: Client): Asker => ({ clientPort: socket.remotePort, serverPort: socket.localPort });

/** Strikes whoever asked; false where it goes on afterwards. */
async function isKilled(client: Client, { strike }: Pick<Asked, 'strike'>, fault: Fault): Promise<boolean> {
  const isStruck = await strike(fault, askerOf(client));
  return isStruck && fault.effect.startsWith('kill-');
}

function outcomeOf({ socket }: Client, error: SqlError | undefined): Outcome {
  if (socket.destroyed) return { status: 0, response: '' };
  return error ? { status: 500, response: `${error.code} ${error.message}` } : { status: 200, response: '' };
}

/** @param drops Asked once it is done and not yet answered: whether the connection is dropped in place of the answer. */
async function execute(client: Client, unit: Unit, drops?: () => Promise<boolean>): Promise<SqlError | undefined> {
  await hold(client);
  const answer = await client.options.backend.execute(unit.bytes, unit.end !== 'flush');
  client.status = answer.status;
  client.skipping = unit.end === 'flush' && answer.error !== undefined;
  if (drops && client.status === 'I' && unit.end !== 'flush') giveBack(client);
  if (await drops?.()) client.socket.destroy();
  else client.socket.write(answer.bytes);
  return answer.error;
}

/** Answers an error of ours; a transaction is failed by it as by any other. */
async function fail(client: Client, unit: Unit, error: SqlError): Promise<SqlError> {
  if (client.status === 'T') client.status = (await client.options.backend.run('SELECT 1/0')).status;
  client.skipping = unit.end === 'flush';
  const ready = client.skipping ? Buffer.alloc(0) : readyForQuery(client.status);
  client.socket.write(Buffer.concat([errorResponse('ERROR', error), ready]));
  return error;
}

/** Plays the part of a fault that comes before the work; whether the work is to be done then. */
async function goesOn(client: Client, fault: Fault): Promise<boolean> {
  if (fault.effect === 'delay') await sleep(fault.delayMs ?? 1_000);
  if (fault.effect === 'hang') {
    const timer = fault.delayMs === undefined ? undefined : setTimeout(() => client.socket.destroy(), fault.delayMs);
    while ((await client.reader.next()) !== undefined);
    clearTimeout(timer);
  }
  return fault.effect === 'delay' || fault.effect === 'answer-after-doing';
}

/** The error a fault answers; undefined where the connection is to be dropped. */
function errorOf({ effect, body }: Fault): SqlError | undefined {
  if (effect === 'hang' || effect === 'drop') return undefined;
  if (effect !== 'answer') return { code: '0A000', message: `sandbox/postgres does not play the fault '${effect}'` };
  const { code = '53300', message = 'sorry, too many clients already' } = (body ?? {}) as Partial<SqlError>;
  return { code, message };
}

/** What this session cannot do, refused before it does harm: PGlite dies of COPY FROM STDIN and tells nobody a NOTIFY. */
function refusal(sql: string): SqlError | undefined {
  const refused = /^\s*copy\b[^;]*\bfrom\s+stdin\b/i.test(sql) || /^\s*listen\b/i.test(sql);
  return refused ? { code: '0A000', message: 'sandbox/postgres plays neither LISTEN nor COPY FROM STDIN' } : undefined;
}

async function hold(client: Client): Promise<void> {
  client.release ??= await client.options.backend.acquire();
  client.hasWorked = true;
}

function giveBack(client: Client): void {
  client.release?.();
  client.release = undefined;
}

/** `DISCARD ALL`, but for the prepared statements of the other clients. */
async function cleanUp(client: Client): Promise<void> {
  await hold(client);
  const { run } = client.options.backend;
  if (client.status !== 'I') await run('ROLLBACK');
  for (const name of client.units.preparedNames()) await run(`DEALLOCATE "${name.replaceAll('"', '""')}"`);
  for (const sql of ['CLOSE ALL', 'RESET ALL', 'SELECT pg_advisory_unlock_all()', 'DISCARD TEMP']) await run(sql);
  giveBack(client);
}
