import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SandboxContext } from '../kit/context.ts';
import type { AskedSubject, FromServer, ToServer } from './channel.ts';
import { login } from './greeting.ts';

export interface Postgres {
  readonly port: number;
  /** `postgresql://…`, password included. */
  readonly url: string;
  /** Cuts every client's connection, now. */
  dropConnections(): void;
  close(): Promise<void>;
}

/** A PostgreSQL: PGlite in a child process, behind the Postgres protocol. Takes 0.5 s to start, 3 s the first time. */
export async function createPostgres(context: SandboxContext, { port = 0 }: { port?: number } = {}): Promise<Postgres> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [String(port), context.directory ?? ''], {
    detached: true, // in a group of its own: Ctrl-C reaches its parent alone, which ends it in its turn
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const send = (message: ToServer): void => {
    if (child.connected) child.send(message, () => undefined); // the child may be dying
  };
  const answerChild = createSupervision(context, send);
  const listening = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`sandbox/postgres ended with code ${code} before it was ready`)));
    child.on('message', (message: FromServer) => {
      if (message.kind === 'ready') resolve(message.port);
      else if (message.kind === 'refused') reject(new Error(`sandbox/postgres: ${message.reason}`));
      else answerChild(message);
    });
  });
  return {
    port: listening,
    url: `postgresql://${login.user}:${login.password}@127.0.0.1:${listening}/${login.database}`,
    dropConnections: () => send({ kind: 'drop-connections' }),
    async close() {
      if (child.connected) child.disconnect();
      const killed = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exited;
      clearTimeout(killed);
    },
  };
}

/** Gives the child the faults it asks for, and writes its answers in the journal. */
function createSupervision(context: SandboxContext, send: (message: ToServer) => void) {
  const open = new Map<number, { subject: AskedSubject; startedAt: number }>();
  return (message: Extract<FromServer, { kind: 'asked' | 'strike' | 'answered' }>): void => {
    const now = context.clock.now();
    if (message.kind === 'asked') {
      open.set(message.id, { subject: message.subject, startedAt: now });
      const isOf = (application: number) => context.applications.isOf(application, message.asker);
      const fault = context.faults.take('postgres', { ...message.subject, isOf });
      send({ kind: 'go-on', id: message.id, fault });
      return;
    }
    if (message.kind === 'strike') {
      const { id, fault, asker } = message;
      void context.applications.strike(fault, asker).then((isStruck) => send({ kind: 'struck', id, isStruck }));
      return;
    }
    const asked = open.get(message.id);
    if (!asked) return;
    open.delete(message.id);
    context.journal.record({
      vendor: 'postgres',
      at: new Date(asked.startedAt).toISOString(),
      ...asked.subject,
      headers: {},
      ...message.outcome,
      durationMs: now - asked.startedAt,
    });
  };
}
