import { strikes } from '../kit/applications.ts';
import type { Fault } from '../kit/faults.ts';
import type { Asked } from './channel.ts';
import { askerOf, outcomeOf, type Client } from './client.ts';
import { errorOf, goesOn, isKilled } from './faults.ts';
import { login } from './greeting.ts';
import { giveBack, hold } from './session.ts';
import type { Unit } from './units.ts';
import { errorResponse, readyForQuery, type SqlError } from './wire.ts';

/** Asks for a fault, does what the unit asks for, answers, and tells how it ended. */
export async function performUnit(client: Client, unit: Unit): Promise<void> {
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

/** What this session cannot do, refused before it does harm: PGlite dies of COPY FROM STDIN and tells nobody a NOTIFY. */
function refusal(sql: string): SqlError | undefined {
  const refused = /^\s*copy\b[^;]*\bfrom\s+stdin\b/i.test(sql) || /^\s*listen\b/i.test(sql);
  return refused ? { code: '0A000', message: 'sandbox/postgres plays neither LISTEN nor COPY FROM STDIN' } : undefined;
}
