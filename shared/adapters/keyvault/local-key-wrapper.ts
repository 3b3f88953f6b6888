import { AppError } from '../../core/errors.ts';
import { openBytes, sealBytes } from '../../core/seal.ts';
import type { KeyWrapper } from '../../ports/wrapped-keys.ts';

/** The organisation's key from a setting: for the sandbox, and for who has no Key Vault. */
export function createLocalKeyWrapper(organisationKey: Uint8Array): KeyWrapper {
  return {
    wrap: (key) => Promise.resolve(Buffer.from(sealBytes(organisationKey, key, 'data-key')).toString('base64')),
    unwrap(wrapped) {
      try {
        return Promise.resolve(openBytes(organisationKey, Buffer.from(wrapped, 'base64'), 'data-key'));
      } catch (cause) {
        throw new AppError('settings', 'ORGANISATION_KEY is not the one that the data keys were wrapped with', { cause });
      }
    },
  };
}
