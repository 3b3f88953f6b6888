import { AppError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Messenger } from '../ports/messenger.ts';
import { errorFields, log } from '../telemetry/index.ts';

export interface BridgeCheck {
  /** What is known so far; true while the bridge could not be asked. */
  keepsIds(): boolean;
  /** Asks the bridge once, whoever else waits for it, and again half a minute after it could not be asked. @throws {AppError} `settings` where it keeps no ids and nobody said that this is known. */
  check(): Promise<void>;
}

const timeoutMs = 5_000;
// One that hangs would else delay every bell by the time of a check.
const againMs = 30_000;

/** That a reply is shown once rests on message ids of our making: a bridge that ignores them is not worked with unasked. */
export function createBridgeCheck(
  messenger: Pick<Messenger, 'status'>,
  { withoutIds, clock }: { withoutIds: boolean; clock: Pick<Clock, 'now'> },
): BridgeCheck {
  let keepsIds: boolean | undefined;
  let asking: Promise<void> | undefined;
  let notBefore = -Infinity;
  const ask = async () => {
    try {
      ({ keepsIds } = await messenger.status(AbortSignal.timeout(timeoutMs)));
    } catch (error) {
      notBefore = clock.now() + againMs;
      log('warn', 'bridge.not-checked', errorFields(error));
    } finally {
      asking = undefined;
    }
  };
  return {
    keepsIds: () => keepsIds ?? true,
    async check() {
      if (keepsIds === undefined && clock.now() >= notBefore) await (asking ??= ask());
      if (keepsIds !== false || withoutIds) return;
      throw new AppError(
        'settings',
        'WAHA keeps no message ids: use 2026.4.3 or later with GOWS, or NOWEB with its store, or set WAHA_WITHOUT_IDS',
        { vendor: 'waha' },
      );
    },
  };
}
