import type { CallResult } from '../../../ports/documents.ts';

const done =
  'booked|scheduled|created|added|sent|invited|moved|rescheduled|cancell?ed|deleted|removed|updated|changed|set up|arranged|reserved|recorded|closed|opened|assigned';
// "I have booked …", "I've just sent …", "Your meeting is now booked", "… has been cancelled", "Booked!"
const claims = [
  new RegExp(`\\bI(?:['’]ve| have)?(?: now| just| also| already| successfully)* (?:${done})\\b`, 'i'),
  new RegExp(`\\b(?:is|are|was|were|has been|have been)(?: now| all| just| successfully)* (?:${done})\\b`, 'i'),
  new RegExp(`(?:^|[.!?\\n]\\s*|\\b(?:done|all set)[:,—– -]+)(?:successfully )?(?:${done})\\b`, 'i'),
  /(?:^|\n)\s*(?:✓|✔|✅)/u,
];

// What a calendar or a sheet holds may well say "cancelled": sentences about what was read claim nothing.
const denial = /\b(?:not|n['’]t|never|cannot|nothing|could|would|should|can|shall|if|once|when|want|like)\b|\?/i;

/**
 * Whether a text of the model claims a write that the turn's calls do not hold. A turn with a write that was done may
 * be worded freely: the receipts below say exactly what.
 */
export function claimsUndoneWrite(text: string, results: readonly CallResult[]): boolean {
  if (results.some(({ effect, status }) => effect === 'write' && status === 'done')) return false;
  // After reading, a sentence in the passive reports what was read; without, there is nothing it could report.
  const active = results.some(({ effect }) => effect === 'read') ? claims.filter((_, index) => index !== 1) : claims;
  return sentences(text).some((sentence) => !denial.test(sentence) && active.some((claim) => claim.test(sentence)));
}

function sentences(text: string): string[] {
  return text.split(/(?<=[.!?…])\s+|\n+/).filter((sentence) => sentence.trim() !== '');
}
