import { asAppError } from '../core/errors.ts';
import { errorFields, log } from '../telemetry/index.ts';
import type { Basis } from './basis.ts';

export interface HealthWork {
  /** Whether this process serves: its settings are right and it answers. */
  health(): { status: 200; jsonBody: { status: 'ok' } };
  /** Whether what it depends on answers: 503 names what does not. */
  ready(): Promise<{ status: 200 | 503; jsonBody: Readonly<Record<string, string>> }>;
}

type Ready = Awaited<ReturnType<HealthWork['ready']>>;

const probeTimeoutMs = 5_000;
// Anybody may ask, and each probe takes a vendor's slot: whoever asks meanwhile gets the same answer.
const keptMs = 5_000;

export function createHealthWork(basis: {
  readonly ports: Pick<Basis['ports'], 'identities' | 'messenger' | 'clock'>;
}): HealthWork {
  const probes: Readonly<Record<string, () => Promise<unknown>>> = {
    cosmos: () => basis.ports.identities.load('ready', AbortSignal.timeout(probeTimeoutMs)),
    waha: async () => {
      const { state, keepsIds } = await basis.ports.messenger.status(AbortSignal.timeout(probeTimeoutMs));
      if (state !== 'WORKING') return `session ${state.toLowerCase()}`;
      return keepsIds ? 'ok' : 'keeps no message ids';
    },
  };
  const probeAll = async (): Promise<Ready> => {
    const entries = await Promise.all(
      Object.entries(probes).map(async ([name, probe]) => [name, await tell(name, probe)] as const),
    );
    return { status: entries.every(([, state]) => state === 'ok') ? 200 : 503, jsonBody: Object.fromEntries(entries) };
  };
  const { clock } = basis.ports;
  let last: Promise<Ready> | undefined;
  let keptUntil = Infinity;
  return {
    health: () => ({ status: 200, jsonBody: { status: 'ok' } }),
    ready() {
      if (last && clock.now() < keptUntil) return last;
      keptUntil = Infinity;
      last = probeAll().finally(() => {
        keptUntil = clock.now() + keptMs;
      });
      return last;
    },
  };
}

async function tell(name: string, probe: () => Promise<unknown>): Promise<string> {
  try {
    const told = await probe();
    return typeof told === 'string' ? told : 'ok';
  } catch (error) {
    log('warn', 'ready.failed', { vendor: name, ...errorFields(error) });
    return asAppError(error)?.code ?? 'failed';
  }
}
