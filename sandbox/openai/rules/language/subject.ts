import { emailPattern } from './email.ts';
import type { Mention } from './attendees.ts';

const named = /\b(?:called|titled|named|entitled|subject(?: is)?:?|title(?: is)?:?|call it|about|regarding|re:)\s+(.+)$/i;
const quoted = /["“]([^"”]+)["”]|(?<!\w)'([^']+)'(?!\w)/;
const kind =
  /^(?:(?:an?|the|new|helpdesk|support|my)\s+)*(?:(?:ticket|issue|incident|reminder)\b|(?:meeting|event|appointment)(?=\s*:|\s+(?:to|for|that)\b))\s*(?::|\b(?:that|for|about|because|saying|to)\b)*\s*/i;
const priority = /,?\s*\b(?:with )?(?:a )?(?:low|medium|normal|high|urgent|critical) priority\b/i;
const request =
  /^(?:(?:please|could you|can you|would you|will you|i(?:'d| would) like(?: you)? to|i want(?: you)? to|i need(?: you)? to|let's|let us|hi|hello|hey|ok|okay|and|also|then|so|adjutant)[\s,!]+)+/i;
const verb =
  /^(?:book|schedule|set up|setup|arrange|organi[sz]e|plan|create|make|add|put|open|raise|log|file|report|cancel|delete|remove|move|reschedule|postpone|shift|push|remind(?: me)?|invite|have|i have)\b(?:\s+(?:me|in|up|for)\b)*\s*/i;
const vague = /^(?:meeting|event|appointment|one|something|it|new|slot|time|ticket|reminder)$/i;

/**
 * What a thing to be made is to be called; undefined where nothing but its kind was said.
 * @param rest The messages of the request without their dates, a line each: the first names it unless a later one does.
 */
export function readSubject(rest: string): string | undefined {
  const [first = '', ...later] = rest.split('\n');
  const explicit = [...later, first].map(readExplicit).find((subject) => subject !== undefined);
  return explicit ?? tidy(withoutPeople(withoutRequest(first).replace(priority, '').replace(kind, '')));
}

function readExplicit(line: string): string | undefined {
  const found = quoted.exec(line);
  const quotation = found?.[1] ?? found?.[2];
  if (quotation !== undefined) return tidy(quotation);
  const after = named.exec(withoutRequest(line))?.[1];
  return after === undefined ? undefined : tidy(withoutPeople(after));
}

/** `Meeting with Ben and Chloe` */
export function subjectFor(kind: string, mentions: readonly Mention[]): string {
  const names = mentions.flatMap(({ name, email }) => name ?? email?.split('@')[0]?.replace(/^\w/, (c) => c.toUpperCase()) ?? []);
  return names.length === 0 ? kind : `${kind} with ${new Intl.ListFormat('en-GB').format(names)}`;
}

export function isVague(subject: string): boolean {
  return vague.test(subject);
}

/** A word that says little without the people: `Lunch with Ben`. */
export function isOccasion(subject: string): boolean {
  return /^(?:call|lunch|sync|chat|coffee|interview|catch-up|dinner|breakfast)$/i.test(subject);
}

/** The request without `please book me`. */
export function withoutRequest(text: string): string {
  return text.trim().replace(request, '').replace(verb, '').trim();
}

function withoutPeople(text: string): string {
  return text
    .replace(emailPattern, ' ')
    .replace(/[<(]\s*[>)]/g, ' ')
    .replace(/\b(?:together )?(?:with|inviting|invite|including)\b.*$/i, ' ');
}

function tidy(text: string): string | undefined {
  const bare = text
    .replace(/[.,;:!?]+(?=\s|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:(?:the|a|an|my|our|new|quick|short|to|of)\s+)+/i, '')
    .replace(/(?:\s+(?:in|to|on) (?:my|the|our) (?:calendar|diary|agenda))$/i, '')
    .replace(/(?:\s+(?:at|on|for|to|from|in|and|the|please|thanks|by|of))+$/i, '')
    .trim();
  if (!/\p{L}/u.test(bare)) return undefined;
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}
