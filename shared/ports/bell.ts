/**
 * Wakes the worker of a conversation. A bell carries nothing else; an extra, late or lost one is harmless, because the
 * conversation's own documents say what is due and `ring-overdue` rings again.
 */
export interface Bell {
  /** @throws {AppError} `timeout` or `upstream` when the queue did not take it. */
  ring(conversation: ConversationRef, options?: { atMs?: number; signal?: AbortSignal }): Promise<void>;
  /** Many at once, for `ring-overdue`. */
  ringAll(conversations: readonly ConversationRef[], signal?: AbortSignal): Promise<void>;
}

export interface ConversationRef {
  readonly workspace: string;
  readonly conversationId: string;
}
