const alsoWords = /\s*[,;.]?\s*\b(?:and also|and then|also,?|as well as|then|plus)\b\s*/i;
const sentence = /(?<!\b(?:[ap]\.m|Dr|Mr|Ms|Mrs|e\.g|i\.e))[.!?]+\s+(?=\p{Lu}|and\b|also\b)|\?\s+|\n+|;\s+/u;
const andVerb =
  /,?\s+and\s+(?=(?:please\s+)?(?:book|schedule|show|list|tell|what|cancel|move|reschedule|remind|create|find|who|when|set up|arrange|open|raise|search|look up)\b)/i;

/** The single requests of one message: `what is on today, and also book lunch at 1pm`. A quotation stays whole. */
export function splitRequests(message: string): string[] {
  const quotations: string[] = [];
  const plain = message.replace(/[’‘]/g, "'").replace(/\bwhats\b/gi, "what's");
  const masked = plain.replace(/"[^"]*"|“[^”]*”/g, (quotation) => `\uE100${quotations.push(quotation) - 1}\uE101`);
  const marked = markQuestions(masked);
  return marked
    .split(sentence)
    .flatMap((part) => part.split(andVerb))
    .flatMap((part) => part.split(alsoWords))
    .map((part) =>
      part
        .replace(/\uE100(\d+)\uE101/g, (_, index: string) => quotations[Number(index)] ?? '')
        .replaceAll('\uE102', '?')
        .trim(),
    )
    .filter((part) => part !== '');
}

/** A question keeps its mark when it is cut off behind it. */
function markQuestions(text: string): string {
  return text.replace(/\?(?=\s)/g, '\uE102?');
}
