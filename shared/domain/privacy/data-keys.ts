import { createSecretKey, randomBytes } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import { openBytes, sealBytes } from '../../core/seal.ts';
import type { DataKey, DataKeys } from '../../ports/data-keys.ts';
import type { Ports } from '../../ports/index.ts';

// A key a conversation: what one instance works on within an hour fits, and an erased key is forgotten within one.
const maxCached = 2_000;
const cachedForMs = 60 * 60 * 1_000;

/** Data keys by envelope encryption: made here, wrapped by the organisation's key, kept wrapped, cached open. */
export function createDataKeys(ports: Pick<Ports, 'wrappedKeys' | 'keyWrapper' | 'clock'>): DataKeys {
  const cache = new Map<string, { key: DataKey; until: number }>();

  const unwrap = async (owner: string, signal?: AbortSignal): Promise<Uint8Array> => {
    const stored = (await ports.wrappedKeys.load(owner, signal)) ?? (await create(owner, signal));
    if (stored.wrapped === undefined) throw new AppError('gone', `The data key of '${owner}' was dropped`);
    return ports.keyWrapper.unwrap(stored.wrapped, signal);
  };
  const create = async (owner: string, signal?: AbortSignal) =>
    ports.wrappedKeys.create({ owner, wrapped: await ports.keyWrapper.wrap(randomBytes(32), signal) }, signal);

  return {
    async keyFor(owner, signal) {
      const cached = cache.get(owner);
      if (cached && cached.until > ports.clock.now()) return cached.key;
      const key = createDataKey(owner, await unwrap(owner, signal));
      cache.delete(owner);
      cache.set(owner, { key, until: ports.clock.now() + cachedForMs });
      for (const oldest of cache.keys()) {
        if (cache.size <= maxCached) break;
        cache.delete(oldest);
      }
      return key;
    },
    async drop(owner, signal) {
      await ports.wrappedKeys.drop(owner, signal);
      cache.delete(owner);
    },
  };
}

/** Binds a key to its owner: what it sealed for one opens for nobody else. */
export function createDataKey(owner: string, secret: Uint8Array): DataKey {
  const key = createSecretKey(secret);
  const place = (context: string) => `${owner}|${context}`;
  const seal = (plain: Uint8Array, context: string) => sealBytes(key, plain, place(context));
  const open = (sealed: Uint8Array, context: string) => openBytes(key, sealed, place(context));
  return {
    seal: (value, context) => Buffer.from(seal(Buffer.from(JSON.stringify(value), 'utf8'), context)).toString('base64'),
    open: (sealed, context) => JSON.parse(Buffer.from(open(Buffer.from(sealed, 'base64'), context)).toString('utf8')) as unknown,
    sealBytes: seal,
    openBytes: open,
  };
}
