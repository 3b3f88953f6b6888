import type { CallResult } from '../../../ports/documents.ts';
import { foreignClaims, ownClaims, reportedClaims } from './claim-patterns.ts';

// What makes a sentence speak of what might be; it counts from where it stands to the sentence's end.
const condition =
  /\b(?:if|once|when(?:ever)?|as soon as|until|unless|before|after|whether|would|could|should|might|may|will|['’]ll|shall|can|let me|want|need|like|to have|wenn|sobald|falls|soll|se|si|quando|quand)\b/i;
// A denial holds within its own clause.
const denial =
  /\b(?:not|never|cannot|nothing|none|no|nobody|neither|nor|without|unable|fail(?:ed)?|kein\w*|nicht|não|pas)\b|n['’]t\b/i;
const question =
  /^(?:did|do|does|have|has|had|is|are|was|were|shall|should|can|could|would|will|which|what|who|when|where|how|why)\b/i;
// The assistant's own making is no write of the person's: "I was created to help you".
const ofItself = /\bI (?:was|am|have been|['’]ve been|['’]m) (?:created|set up|updated|organi[sz]ed|put|added)\b/i;
const quoted = /[“„«"][^“”„«»"\n]*[”»"]|^[^\S\n]*>.*$/gmu;
const listed = /^\s*(?:[-*•–]|\d+[.)])\s/;

/**
 * Whether a text of the model claims a write that the turn's calls do not hold. A turn with a write that was done may
 * be worded freely: the receipts below say exactly what. `recalls`: the person asks about an earlier turn that wrote.
 */
export function claimsUndoneWrite(text: string, results: readonly CallResult[], { recalls = false } = {}): boolean {
  if (recalls || results.some(({ effect, status }) => effect === 'write' && status === 'done')) return false;
  const hasRead = results.some(({ effect, status }) => effect === 'read' && status === 'done');
  const claims = [...ownClaims, ...foreignClaims, ...(hasRead ? [] : reportedClaims)];
  return sentences(text.replaceAll(quoted, '“…”'), hasRead).some((sentence) =>
    claims.some((claim) => isClaimed(sentence, claim)),
  );
}

/** Whether the person's own words ask about what was done before, and something was: the receipts stand in the memory. */
export function recallsEarlierWrite(words: readonly string[], remembered: readonly string[]): boolean {
  const hasReceipt = remembered.some((text) => /^✓ /m.test(text));
  return hasReceipt && words.some((text) => /\?\s*$/.test(text) && question.test(text.trim()) && !isRequest(text));
}

/** "Can you book …?" asks for something; "did you book …?" asks about it. */
function isRequest(text: string): boolean {
  return /^\s*(?:can|could|would|will|shall|should)\b/i.test(text);
}

function isClaimed(sentence: string, claim: RegExp): boolean {
  const found = claim.exec(sentence);
  if (!found) return false;
  const before = sentence.slice(0, found.index);
  const clauseStart = Math.max(
    ...[...before.matchAll(/[,;:–—]| (?:and|but|so|und|aber|e|y|et) /g)].map(({ index }) => index + 1),
    0,
  );
  const clause = sentence.slice(clauseStart, found.index + found[0].length);
  const rest = sentence.slice(found.index + found[0].length);
  const asks = /^[^,;:–—]*\?\s*$/.test(rest);
  // "I could not find Eva, but I have invited Ben": what stands before a turn of the sentence governs no more.
  const governing = before.split(/\b(?:but|so I|aber|mas|pero|mais|ma)\b/i).at(-1) ?? '';
  return !condition.test(governing) && !denial.test(clause) && !asks && !ofItself.test(clause);
}

/** One by one; the lines of a list of what was read are no sentences of the assistant's. */
function sentences(text: string, hasRead: boolean): string[] {
  const lines = text.split(/\n+/).filter((line) => !hasRead || !listed.test(line) || /\b(?:I|we)\b/.test(line));
  return lines.flatMap((line) => line.split(/(?<=[.!?…])\s+/)).map((sentence) => sentence.replace(/^[\s*_>-]+/, '').trim());
}
