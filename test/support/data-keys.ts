import { createLocalKeyWrapper } from '../../shared/adapters/keyvault/local-key-wrapper.ts';
import { createDataKeys } from '../../shared/domain/privacy/index.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { DataKeys } from '../../shared/ports/data-keys.ts';
import { createFakeWrappedKeys } from './fakes/fake-wrapped-keys.ts';

/** The real data keys, over wrapped keys in memory: what is sealed in a test is sealed indeed. */
export function createTestDataKeys(clock: Clock): DataKeys {
  return createDataKeys({
    clock,
    wrappedKeys: createFakeWrappedKeys(),
    keyWrapper: createLocalKeyWrapper(Buffer.alloc(32, 7)),
  });
}
