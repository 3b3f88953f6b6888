export { cacheIdentities } from './cache-identities.ts';
export { createBlindIndexes, type BlindIndexes } from './blind-indexes.ts';
export { findCaller, toCaller } from './find-caller.ts';
export { isChatOf } from './is-chat-of.ts';
export { claimMessage, resolveConversation, type ChatNames, type ResolvedConversation } from './resolve-conversation.ts';
