import { ServiceBusClient } from '@azure/service-bus';
import pg from 'pg';
import type { CreateTarget } from '../target.ts';
import { createSocketTarget, record } from './socket-target.ts';

const timeoutMs = 5_000;

/** AMQP: frames of a client that sends, schedules, receives, renews and settles. */
export const createServiceBusTarget: CreateTarget = async ({ environment, ports }) => {
  const { servicebus: port = 0 } = ports;
  const connectionString = environment['SERVICE_BUS'] ?? '';
  const at = (other: number) => connectionString.replace(`:${port}`, `:${other}`);
  const dialogues = await record(port, (recordingPort) => driveBus(at(recordingPort)));
  return createSocketTarget({ port, dialogues, healthy: () => driveBus(connectionString) });
};

async function driveBus(connectionString: string): Promise<void> {
  const client = new ServiceBusClient(connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: timeoutMs } });
  try {
    const [sender, receiver] = [client.createSender('bells'), client.createReceiver('bells')];
    const body = { workspace: 'fuzz', conversationId: 'fuzz:1' };
    await sender.sendMessages({
      body,
      contentType: 'application/json',
      applicationProperties: { traceparent: 'x' },
      timeToLive: 60_000,
    });
    const [number] = await sender.scheduleMessages({ body }, new Date(Date.now() + 3_600_000));
    if (number) await sender.cancelScheduledMessages(number);
    const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: timeoutMs });
    if (!message) throw new Error('no message came');
    await receiver.renewMessageLock(message);
    await receiver.completeMessage(message);
    await receiver.peekMessages(1);
  } finally {
    await client.close();
  }
}

/** PostgreSQL's wire: start-up, simple and prepared statements, an error, a transaction. */
export const createPostgresTarget: CreateTarget = async ({ environment, ports }) => {
  const { postgres: port = 0 } = ports;
  const url = environment['DATABASE_URL'] ?? '';
  const at = (other: number) => url.replace(`:${port}/`, `:${other}/`);
  const dialogues = await record(port, (recordingPort) => drivePostgres(at(recordingPort)));
  return createSocketTarget({ port, dialogues, healthy: () => drivePostgres(url) });
};

async function drivePostgres(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
  await client.connect();
  try {
    await client.query('SELECT 1 AS one; SELECT 2 AS two');
    await client.query('SELECT $1::text AS given, $2::int AS number, $3::jsonb AS json', ['a', 5, { a: [1, null] }]);
    await client.query({ name: 'named', text: 'SELECT $1::bytea AS bytes', values: [Buffer.from([0, 1, 255])] });
    await client.query('SELECT wrong').catch(() => undefined);
    await client.query('BEGIN');
    await client.query('CREATE TEMPORARY TABLE t (id int) ON COMMIT DROP');
    await client.query('INSERT INTO t SELECT generate_series(1, $1)', [20]);
    await client.query('ROLLBACK');
  } finally {
    await client.end();
  }
}
