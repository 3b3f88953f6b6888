const injections = [
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|all|your|system)\b.{0,40}\b(?:instructions?|rules?|prompts?|guidelines)\b/i,
  /\b(?:reveal|show|print|repeat|tell me|output|leak|give me)\b.{0,40}\b(?:system|hidden|initial|developer|secret)\b.{0,20}\b(?:prompts?|instructions?|messages?|keys?)\b/i,
  /\byour (?:system prompt|hidden instructions)\b/i,
  /\b(?:you are now|from now on you are|pretend (?:to be|you are)|act as)\b.{0,60}\b(?:unrestricted|without (?:any )?(?:rules|limits|restrictions)|DAN|developer mode|jailbr)/i,
  /\b(?:developer mode|jailbreak|DAN mode)\b/i,
  /<\/?(?:system|instructions?)>|\[\/?(?:INST|SYSTEM)\]|^\s*system\s*:/im,
  /\b(?:bypass|disable|turn off)\b.{0,30}\b(?:safety|security|filters?|guardrails?|restrictions?|role checks?|policy)\b/i,
];

/** Whether a text tries to give the assistant other instructions: known phrases, no understanding. */
export function isInjection(text: string): boolean {
  return injections.some((pattern) => pattern.test(text));
}
