import type { BlindIndexes } from '../domain/identity/index.ts';
import type { ConversationRef } from '../ports/bell.ts';
import type { Partition } from '../ports/conversations.ts';
import type { MessageContent, PreferencesDocument } from '../ports/documents.ts';
import type { Ports } from '../ports/index.ts';
import { log } from '../telemetry/index.ts';
import type { HeldLease } from './lease.ts';

/** A conversation that became one with this a short while ago, as it was read: its lease is its own. */
export interface Former {
  readonly ref: ConversationRef;
  readonly partition: Partition;
}

/** Reads the conversations that became this one, as the messages at hand name them: for a day after a merge, else none. */
export function loadFormer(
  { conversations }: Pick<Ports, 'conversations'>,
  { lease, signal }: HeldLease,
  { messages }: Partition,
): Promise<readonly Former[]> {
  const ids = new Set(messages.flatMap(({ after = [] }) => after));
  ids.delete(lease.conversationId);
  return Promise.all(
    [...ids].map(async (conversationId) => {
      const ref = { workspace: lease.workspace, conversationId };
      return { ref, partition: await conversations.load(ref, signal) };
    }),
  );
}

/** The conversation that this one became, where it did, by the names of the chat as they are now. */
export async function findHeirs(
  { ports, indexes }: { ports: Pick<Ports, 'identities'>; indexes: BlindIndexes },
  { lease: { conversationId }, signal }: HeldLease,
  { lid, phone }: MessageContent,
): Promise<readonly string[]> {
  const name = lid === undefined ? indexes.phone(phone ?? '') : indexes.lid(lid);
  const { document } = (await ports.identities.loadCurrent(name, signal)) ?? {};
  const heir = document?.formerly?.includes(conversationId) === true ? document.conversationId : undefined;
  return heir === undefined || heir === conversationId ? [] : [heir];
}

/** A STOP that was said in a former conversation counts here too, but where START was said here later. */
export async function carryStop(held: HeldLease, { preferences }: Partition, formers: readonly Former[]): Promise<void> {
  if (preferences?.stopped === true) return;
  const stops = formers.flatMap(({ partition }) => stoppedAt(partition) ?? []);
  const at = Math.max(...stops);
  if (stops.length === 0 || at < (preferences?.at ?? 0)) return;
  const { workspace, conversationId } = held.lease;
  const document: PreferencesDocument = { workspace, conversationId, id: 'preferences', type: 'preferences', stopped: true, at };
  await held.commit([{ kind: 'upsert', document }]);
  log('info', 'stop.carried', { conversation: conversationId });
}

/** When STOP was said there, if that was the last word on it: one that waits to be worked on was said all the same. */
function stoppedAt({ messages, preferences }: Partition): number | undefined {
  const last = messages.findLast(({ command }) => command === 'stop' || command === 'start');
  if (last) return last.command === 'stop' ? last.sentAt : undefined;
  return preferences?.stopped === true ? (preferences.at ?? 0) : undefined;
}
