import { AppError } from '../core/errors.ts';
import type { Messenger } from '../ports/messenger.ts';
import { errorFields, log } from '../telemetry/index.ts';

export interface BridgeCheck {
  /** What is known so far; true while the bridge could not be asked. */
  keepsIds(): boolean;
  /** Asks the bridge once. @throws {AppError} `settings` where it keeps no ids and nobody said that this is known. */
  check(): Promise<void>;
}

const timeoutMs = 5_000;

/** That a reply is shown once rests on message ids of our making: a bridge that ignores them is not worked with unasked. */
export function createBridgeCheck(messenger: Pick<Messenger, 'status'>, options: { withoutIds: boolean }): BridgeCheck {
  let keepsIds: boolean | undefined;
  return {
    keepsIds: () => keepsIds ?? true,
    async check() {
      if (keepsIds === undefined) {
        const status = await messenger.status(AbortSignal.timeout(timeoutMs)).catch((error: unknown) => {
          log('warn', 'bridge.not-checked', errorFields(error));
          return undefined;
        });
        keepsIds = status?.keepsIds;
      }
      if (keepsIds !== false || options.withoutIds) return;
      throw new AppError(
        'settings',
        'WAHA keeps no message ids: use 2026.4.3 or later with GOWS or NOWEB, or set WAHA_WITHOUT_IDS',
        { vendor: 'waha' },
      );
    },
  };
}
