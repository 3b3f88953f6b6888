import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CollectedSpan } from '../../sandbox/otlp/collector.ts';
import { startSandbox, type Sandbox } from '../../sandbox/run/sandbox.ts';
import { startSqlMeter, type SqlMeter } from '../kit/sql-meter.ts';

/** What one turn took and used. */
export interface TurnUse {
  /** From the bell to the release, without the model's time, in milliseconds. */
  readonly ms: number;
  readonly statements: number;
  readonly rows: number;
  readonly sqlBytes: number;
  readonly cosmosRequests: number;
  readonly cosmosUnits: number;
  readonly cosmosBytes: number;
  readonly promptTokens: number;
  /** Of the application's process, in megabytes. */
  readonly rssMb: number;
}

export interface Conversation {
  /** Plays a turn, one after the other. */
  turn(text: string): Promise<void>;
  /** What each turn took and used, in order: once all of them are over. */
  uses(): Promise<TurnUse[]>;
  close(): Promise<void>;
}

type Counted = Omit<TurnUse, 'ms' | 'promptTokens'>;

const ana = '+15550100001';
// Spans come in batches.
const exportedWithinMs = 3_000;

/** One person's conversation with the whole application, on the given database. */
export async function startConversation(databaseUrl: string): Promise<Conversation> {
  const meter = await startSqlMeter(databaseUrl);
  const sandbox = await startSandbox({
    environment: { DATABASE_URL: meter.url, PERSON_TURNS_PER_HOUR: '1000000', PERSON_TOKENS_PER_HOUR: '1000000000' },
  });
  // A phone that is away: the acks of delivery are the messenger's, not the turn's.
  sandbox.waha.setPhone(ana, { online: false });
  await sandbox.waitUntilIdle(30_000);
  const spans: CollectedSpan[] = [];
  sandbox.collector.listen((span) => {
    if (['wake', 'turn', 'model'].includes(span.name)) spans.push(span);
  });
  const counted: Counted[] = [];
  return {
    turn: async (text) => void counted.push(await playTurn(sandbox, meter, text)),
    async uses() {
      await sleep(exportedWithinMs);
      return join(counted, spans);
    },
    async close() {
      await sandbox.close();
      meter.close();
    },
  };
}

async function playTurn(sandbox: Sandbox, meter: SqlMeter, text: string): Promise<Counted> {
  let [cosmosBytes, isSent] = [0, false];
  const stopCounting = sandbox.context.journal.listen(({ vendor, path, body, response }) => {
    if (vendor === 'cosmos') cosmosBytes += body.length + response.length;
    if (vendor === 'waha' && path === '/api/sendText') isSent = true;
  });
  sandbox.cosmos.resetRequestUnits();
  meter.reset();
  sandbox.waha.receive({ from: ana, text });
  const deadline = performance.now() + 30_000;
  while (!isSent || !sandbox.idle()) {
    if (performance.now() > deadline) throw new Error('A turn did not end within 30 s');
    await sleep(5);
  }
  await sleep(20);
  stopCounting();
  const { statements, rows, bytes } = meter.read();
  const { requests, units } = sandbox.cosmos.requestUnits();
  const use = { statements, rows, sqlBytes: bytes, cosmosRequests: requests, cosmosUnits: units, cosmosBytes };
  return { ...use, rssMb: residentMb(sandbox.pid()) };
}

/** Turns came one after the other: the n-th turn's span, in order of time, belongs to the n-th turn counted. */
function join(counted: readonly Counted[], spans: readonly CollectedSpan[]): TurnUse[] {
  const turns = spans.filter(({ name }) => name === 'turn').sort((one, other) => one.startedAt - other.startedAt);
  if (turns.length !== counted.length) throw new Error(`${counted.length} turns were played and ${turns.length} seen`);
  return counted.map((use, at) => {
    const { traceId, startedAt = 0 } = turns[at] ?? {};
    const ofTurn = spans.filter((span) => span.traceId === traceId);
    const models = ofTurn.filter(({ name }) => name === 'model');
    const wake = ofTurn.find((span) => span.name === 'wake' && span.startedAt <= startedAt && endOf(span) >= startedAt);
    const modelMs = models.reduce((sum, { durationMs }) => sum + durationMs, 0);
    const promptTokens = models.reduce((sum, { attributes }) => sum + Number(attributes['inputTokens'] ?? 0), 0);
    return { ...use, ms: (wake?.durationMs ?? Number.NaN) - modelMs, promptTokens };
  });
}

const endOf = ({ startedAt, durationMs }: CollectedSpan) => startedAt + durationMs;

function residentMb(pid: number | undefined): number {
  const pages = Number(readFileSync(`/proc/${pid ?? 'self'}/statm`, 'utf8').split(' ')[1]);
  return (pages * 4_096) / 2 ** 20;
}
