import type { WrappedKey, WrappedKeys } from '../../../shared/ports/wrapped-keys.ts';

export function createFakeWrappedKeys(): WrappedKeys {
  const keys = new Map<string, WrappedKey>();
  return {
    load: (owner) => Promise.resolve(keys.get(owner)),
    create(key) {
      const stored = keys.get(key.owner) ?? key;
      keys.set(key.owner, stored);
      return Promise.resolve(stored);
    },
    drop: (owner) => Promise.resolve(void keys.set(owner, { owner, wrapped: undefined })),
  };
}
