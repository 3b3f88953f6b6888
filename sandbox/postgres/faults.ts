import { setTimeout as sleep } from 'node:timers/promises';
import { strikes } from '../kit/applications.ts';
import type { Fault } from '../kit/faults.ts';
import type { Asked } from './channel.ts';
import { askerOf, type Client } from './client.ts';
import type { SqlError } from './wire.ts';

/** Whether a connection is made, under a fault. */
export async function passes(client: Client, asked: Asked, fault: Fault): Promise<boolean> {
  return strikes(fault) ? !(await isKilled(client, asked, fault)) : goesOn(client, fault);
}

/** Strikes whoever asked; false where it goes on afterwards. */
export async function isKilled(client: Client, { strike }: Pick<Asked, 'strike'>, fault: Fault): Promise<boolean> {
  const isStruck = await strike(fault, askerOf(client));
  return isStruck && fault.effect.startsWith('kill-');
}

/** Plays the part of a fault that comes before the work; whether the work is to be done then. */
export async function goesOn(client: Client, fault: Fault): Promise<boolean> {
  if (fault.effect === 'delay') await sleep(fault.delayMs ?? 1_000);
  if (fault.effect === 'hang') {
    const timer = fault.delayMs === undefined ? undefined : setTimeout(() => client.socket.destroy(), fault.delayMs);
    while ((await client.reader.next()) !== undefined);
    clearTimeout(timer);
  }
  return fault.effect === 'delay' || fault.effect === 'answer-after-doing';
}

/** The error a fault answers; undefined where the connection is to be dropped. */
export function errorOf({ effect, body }: Fault): SqlError | undefined {
  if (effect === 'hang' || effect === 'drop') return undefined;
  if (effect !== 'answer') return { code: '0A000', message: `sandbox/postgres does not play the fault '${effect}'` };
  const { code = '53300', message = 'sorry, too many clients already' } = (body ?? {}) as Partial<SqlError>;
  return { code, message };
}
