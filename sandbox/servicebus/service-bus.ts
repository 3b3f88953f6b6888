import { z } from 'zod';
import type { SandboxContext } from '../kit/context.ts';
import { sharedAccess } from './amqp/cbs.ts';
import { listenAmqp } from './amqp/server.ts';
import { createBroker } from './broker.ts';
import type { Refusal } from './errors.ts';
import { createOperations } from './operations.ts';

const maxLockDurationMs = 5 * 60_000;

const Queue = z.strictObject(
  {
    name: z.string().regex(/^[A-Za-z0-9](?:[\w.-]{0,258}[A-Za-z0-9])?$/),
    /** The real service takes 5 s and more; tests are in a hurry. */
    lockDurationMs: z.int().min(1).max(maxLockDurationMs).default(30_000),
    maxDeliveryCount: z.int().min(1).max(2_000).default(10),
  },
  { error: ({ code, keys }) => (code === 'unrecognized_keys' ? `not played: ${keys.join(', ')}` : undefined) },
);
const Options = z.object({ port: z.int().min(0).max(65_535).default(0), queues: z.array(Queue).min(1) });
export type ServiceBusOptions = z.input<typeof Options>;

export interface ServiceBus {
  readonly port: number;
  readonly connectionString: string;
  queues(): { name: string; active: number; scheduled: number; deadLettered: number }[];
  /** Whether any message is active or locked: work that is due. */
  busy(): boolean;
  close(): Promise<void>;
}

/**
 * Azure Service Bus over AMQP 1.0, queues without sessions.
 * @throws {ZodError} for queues with what is not played, such as sessions or duplicate detection.
 */
export async function createServiceBus(context: SandboxContext, options: ServiceBusOptions): Promise<ServiceBus> {
  const { port: wanted, queues } = Options.parse(options);
  const broker = createBroker(context, queues);
  const operations = createOperations(context);
  const onError = (error: Error) =>
    recordIncident(context, { method: 'ERROR', path: '', status: 500, response: error.stack ?? error.message });
  const onRefused = (path: string, { status, condition, description }: Refusal) =>
    recordIncident(context, { method: 'ATTACH', path, status, response: `${condition}: ${description}` });
  const server = await listenAmqp({ broker, operations, onError, onRefused }, wanted).catch((error: unknown) => {
    broker.close();
    throw error;
  });
  const endpoint = `Endpoint=sb://localhost:${server.port}`;
  return {
    port: server.port,
    connectionString: `${endpoint};SharedAccessKeyName=${sharedAccess.keyName};SharedAccessKey=${sharedAccess.key};UseDevelopmentEmulator=true`,
    queues: () => broker.counts(),
    busy: () => broker.busy(),
    async close() {
      operations.stop();
      await server.close();
      broker.close();
    },
  };
}

interface Incident {
  readonly method: 'ATTACH' | 'ERROR';
  readonly path: string;
  readonly status: number;
  readonly response: string;
}

function recordIncident({ clock, journal }: SandboxContext, incident: Incident): void {
  const at = new Date(clock.now()).toISOString();
  journal.record({ vendor: 'servicebus', at, headers: {}, body: '', durationMs: 0, ...incident });
}
