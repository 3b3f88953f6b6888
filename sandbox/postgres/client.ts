import type { Socket } from 'node:net';
import type { Asker } from '../kit/applications.ts';
import type { Backend } from './backend.ts';
import type { Outcome, Supervisor } from './channel.ts';
import type { UnitReader } from './units.ts';
import type { MessageReader, SqlError, TransactionStatus } from './wire.ts';

export interface ClientOptions {
  readonly id: number;
  readonly backend: Backend;
  readonly supervisor: Supervisor;
  readonly serverVersion: string;
}

/** One connected client. */
export interface Client {
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

/** The connection by which the application that asks is known. */
export const askerOf = ({ socket }: Client): Asker => ({ clientPort: socket.remotePort, serverPort: socket.localPort });

export function outcomeOf({ socket }: Client, error: SqlError | undefined): Outcome {
  if (socket.destroyed) return { status: 0, response: '' };
  return error ? { status: 500, response: `${error.code} ${error.message}` } : { status: 200, response: '' };
}
