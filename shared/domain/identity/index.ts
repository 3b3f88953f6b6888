export { cacheIdentities } from './cache-identities.ts';
export { cacheLookUps } from './cache-look-ups.ts';
export { createBlindIndexes, type BlindIndexes } from './blind-indexes.ts';
export { findCaller, toCaller } from './find-caller.ts';
export { findChat, type Chat } from './find-chat.ts';
export { isChatOf } from './is-chat-of.ts';
export { leaveErased, type ErasedConversation } from './leave-erased.ts';
export { claimMessage, resolveConversation, type ChatNames, type ResolvedConversation } from './resolve-conversation.ts';
