import { deriveId } from '../../core/ids.ts';
import type { Ports } from '../../ports/index.ts';
import type { IdentityDocument } from '../../ports/people.ts';
import type { BlindIndexes } from './blind-indexes.ts';

/** What resolving a chat's names works with. */
export interface IdentityContext {
  readonly ports: Pick<Ports, 'identities' | 'clock'>;
  readonly indexes: BlindIndexes;
  readonly signal: AbortSignal | undefined;
}

/** A name met for the first time, with a conversation of its own. */
export function newIdentity(
  { ports, indexes }: IdentityContext,
  { id, kind, pair }: { id: string; kind: 'lid' | 'phone'; pair?: string },
): IdentityDocument {
  const base = {
    id,
    workspace: indexes.workspace,
    kind,
    conversationId: conversationOf(indexes, id),
    createdAt: ports.clock.now(),
  };
  return pair === undefined ? base : { ...base, pair };
}

/** Made from the name it was first met under: parallel webhooks of one name agree without asking. */
export function conversationOf({ workspace }: BlindIndexes, identityId: string, ...generation: readonly number[]): string {
  return `${workspace}:${deriveId('conversation', identityId, ...generation)}`;
}
