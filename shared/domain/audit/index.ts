export { createRefusalAudit, type RefusalAudit } from './note-refusal.ts';
