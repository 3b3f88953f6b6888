import { Annotation, END, interrupt, START, StateGraph } from '@langchain/langgraph';
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createCheckpointers, type CheckpointerOptions, type ThreadKey } from '../../../shared/adapters/postgres/checkpointer.ts';
import { openBytes, sealBytes } from '../../../shared/core/seal.ts';

export function createThreadKey(): ThreadKey {
  const key = randomBytes(32);
  return {
    encrypt: (plain) => sealBytes(key, plain, 'checkpoint'),
    decrypt: (cipher) => openBytes(key, cipher, 'checkpoint'),
  };
}

/** Checkpointers of the test that asks, on this database. */
export function connectCheckpointers(databaseUrl: string, options: Partial<CheckpointerOptions> = {}) {
  const checkpointers = createCheckpointers({ databaseUrl, maxConnections: 5, ...options });
  onTestFinished(() => checkpointers.close());
  return checkpointers;
}

export type Saver = ReturnType<ReturnType<typeof createCheckpointers>['checkpointerFor']>;

const State = Annotation.Root({ asked: Annotation<string>, answer: Annotation<string>, seen: Annotation<Uint8Array> });

/** A turn that asks back before it answers. */
export function createAskingGraph(checkpointer: Saver) {
  return new StateGraph(State)
    .addNode('read', ({ asked }) => ({ seen: new TextEncoder().encode(asked) }))
    .addNode('ask', ({ asked }) => ({ answer: `${asked}: ${interrupt<string, { said: string }>(`really ${asked}?`).said}` }))
    .addEdge(START, 'read')
    .addEdge('read', 'ask')
    .addEdge('ask', END)
    .compile({ checkpointer });
}

export const thread = (threadId: string) => ({ configurable: { thread_id: threadId } });
