import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import type pg from 'pg';
import { AppError, asAppError } from '../../core/errors.ts';
import { translated, translateError } from './translate-error.ts';

/** The data key of a conversation. */
export interface ThreadKey {
  encrypt(plain: Uint8Array): Uint8Array;
  /** Throws when it was encrypted with another key. */
  decrypt(cipher: Uint8Array): Uint8Array;
}

type Saver = BaseCheckpointSaver;
type Serializer = Saver['serde'];
type Metadata = Parameters<Saver['put']>[2];

const sealedPrefix = 'sealed:';

/** Encrypts what the plain serialiser wrote; a value that is not sealed is refused, so that none can be slipped in. */
function sealed(plain: Serializer, key: ThreadKey): Serializer {
  return {
    async dumpsTyped(value) {
      const [type, bytes] = await plain.dumpsTyped(value);
      return [sealedPrefix + type, key.encrypt(bytes)];
    },
    async loadsTyped(type, cipher): Promise<unknown> {
      if (!type.startsWith(sealedPrefix) || typeof cipher === 'string') {
        throw new AppError('not-found', 'A value in a checkpoint is not sealed', { vendor: 'postgres' });
      }
      const bytes = open(key, cipher);
      try {
        return await plain.loadsTyped(type.slice(sealedPrefix.length), bytes);
      } catch (cause) {
        throw new AppError('not-found', 'A checkpoint cannot be read', { cause, vendor: 'postgres' });
      }
    },
  };
}

function open(key: ThreadKey, cipher: Uint8Array): Uint8Array {
  try {
    return key.decrypt(cipher);
  } catch (cause) {
    throw asAppError(cause) ?? new AppError('not-found', 'A checkpoint cannot be opened with this key', { cause });
  }
}

/** What LangGraph reads back from metadata: ids and counters. It is stored in plain, so nothing else gets there. */
function plainMetadata(metadata: Metadata & { run_id?: unknown }): Partial<typeof metadata> {
  const { source, step, parents, run_id, counters_since_delta_snapshot } = metadata;
  return { source, step, parents, run_id, counters_since_delta_snapshot };
}

/**
 * LangGraph's saver for the thread of one key: values are sealed, channel names, ids and versions are not.
 * A class because LangGraph asks for one, and because metadata can be kept plain only by overriding how it is written:
 * the saver puts it through the serialiser and parses the result as JSON.
 */
export class SealedSaver extends PostgresSaver {
  constructor(pool: pg.Pool, key: ThreadKey) {
    super(pool);
    this.serde = sealed(this.serde, key);
  }

  protected override _dumpMetadata(metadata: Metadata) {
    return Promise.resolve(plainMetadata(metadata));
  }

  protected override _loadMetadata(metadata: Record<string, unknown>) {
    return Promise.resolve(metadata);
  }

  override getTuple(...parameters: Parameters<Saver['getTuple']>) {
    return translated('read a checkpoint', () => super.getTuple(...parameters));
  }

  override async *list(...parameters: Parameters<Saver['list']>) {
    try {
      yield* super.list(...parameters);
    } catch (error) {
      throw translateError('list checkpoints', error);
    }
  }

  override put(...parameters: Parameters<PostgresSaver['put']>) {
    return translated('store a checkpoint', () => super.put(...parameters));
  }

  override putWrites(...parameters: Parameters<Saver['putWrites']>) {
    return translated('store the writes of a task', () => super.putWrites(...parameters));
  }

  override deleteThread(threadId: string) {
    return translated('delete a thread', () => super.deleteThread(threadId));
  }
}
