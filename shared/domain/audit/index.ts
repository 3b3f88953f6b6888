export { createRefusalAudit, type RefusalAudit } from './note-refusal.ts';
export { createErasedAudit, type ErasedAudit } from './note-erased.ts';
