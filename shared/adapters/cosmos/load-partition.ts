import type { Container } from '@azure/cosmos';
import { z } from 'zod';
import type { ConversationRef } from '../../ports/bell.ts';
import type { BrokenDocument, Partition } from '../../ports/conversations.ts';
import { ConversationDocument } from '../../ports/documents.ts';
import { select } from './select.ts';

// More than a turn takes, with all that stands beside its messages. Who has more waiting is read in two queries.
const maxAtOnce = 120;
const maxWaiting = 100;

const open = "(c.type IN ('calls', 'approval') AND c.open = true) OR c.type IN ('memory', 'preferences', 'erasure')";
const everything = `SELECT TOP ${maxAtOnce} * FROM c WHERE (IS_DEFINED(c.dueAt) AND c.type IN ('message', 'reply')) OR ${open}`;
const begun = `SELECT * FROM c WHERE (IS_DEFINED(c.dueAt) AND (c.type = 'reply' OR (c.type = 'message' AND (IS_DEFINED(c.turnId) OR IS_DEFINED(c.command))))) OR ${open}`;
const waiting = `SELECT TOP ${maxWaiting} * FROM c WHERE c.type = 'message' AND IS_DEFINED(c.dueAt) AND NOT IS_DEFINED(c.turnId) AND NOT IS_DEFINED(c.command) ORDER BY c.dueAt`;

/**
 * What a worker relies on, in one query. Where so much is due that it does not fit, whatever has begun is read, and of
 * the messages that wait for a turn those that fell due first: a flood costs every wake the same.
 */
export async function loadPartition(container: Container, ref: ConversationRef, signal?: AbortSignal): Promise<Partition> {
  const read = (query: string) => select(container, query, { partitionKey: ref.conversationId, signal });
  const rows = await read(everything);
  return toPartition(rows.length < maxAtOnce ? rows : (await Promise.all([begun, waiting].map(read))).flat());
}

function toPartition(rows: readonly unknown[]): Partition {
  const parsed = rows.map((row) => ({ row, document: ConversationDocument.safeParse(row) }));
  const documents = parsed.flatMap(({ document }) => (document.success ? [document.data] : []));
  const of = <T extends ConversationDocument['type']>(type: T) =>
    documents.filter((document): document is Extract<ConversationDocument, { type: T }> => document.type === type);
  return {
    messages: of('message').sort((a, b) => a.sentAt - b.sentAt || a.arrivedAt - b.arrivedAt || a.id.localeCompare(b.id)),
    calls: of('calls').sort((a, b) => a.n - b.n),
    replies: of('reply').sort((a, b) => a.createdAt - b.createdAt),
    memory: of('memory')[0],
    preferences: of('preferences')[0],
    approvals: of('approval').sort((a, b) => a.createdAt - b.createdAt || a.id.localeCompare(b.id)),
    erasure: of('erasure')[0],
    broken: parsed.flatMap(({ row, document }) => (document.success ? [] : [toBroken(row)])),
  };
}

/** What Cosmos itself sees to, and what the query asked for. */
const Identified = z.object({ id: z.string(), type: z.string() });

function toBroken(row: unknown): BrokenDocument {
  const { id, type } = Identified.parse(row);
  return { id, isMessage: type === 'message' };
}
