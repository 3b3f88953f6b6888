import type { DateTime } from 'luxon';
import { readMentions, type Mention } from './attendees.ts';
import { readNumber } from './duration.ts';
import { mergeWhen, readWhen, type When } from './when.ts';

/** All that the rules read out of a request; the filling of a tool's arguments chooses from it. */
export interface Facts {
  /** What was said, every message of it. */
  readonly text: string;
  /** The same without its dates and times. */
  readonly rest: string;
  readonly when: When;
  readonly mentions: readonly Mention[];
  /** `the next 3 meetings` */
  readonly limit: number | undefined;
  /** What was answered to a question of ours, by the slot it asked for. */
  readonly answers: Readonly<Record<string, string>>;
}

/** @param parts The messages that make up one request, in order. */
export function readFacts(parts: readonly string[], answers: Readonly<Record<string, string>>, now: DateTime): Facts {
  const read = parts.map((part) => readWhen(part, now));
  return {
    text: parts.join('\n'),
    rest: read.map(({ rest }) => rest).join('\n'),
    when: read.reduce<When>((when, each) => mergeWhen(when, each.when), {}),
    mentions: mergeMentions(parts.map(readMentions)),
    limit: readLimit(parts.join(' ')),
    answers,
  };
}

/** An address that answers `What is Ben's e-mail address?` comes without a name: the name stays, once. */
function mergeMentions(lists: readonly Mention[][]): Mention[] {
  const all = lists.flat();
  return all.filter((mention, index) => {
    if (all.findIndex(({ name, email }) => name === mention.name && email === mention.email) !== index) return false;
    const local = mention.email?.split(/[@.]/)[0];
    return !(mention.name === undefined && all.some(({ name }) => name?.toLowerCase().split(' ')[0] === local));
  });
}

function readLimit(text: string): number | undefined {
  const said =
    /\b(?:next|first|last|top|at most|up to|latest)\s+(\d+|two|three|four|five|six|seven|eight|nine|ten)\b(?!\s*(?:hour|day|week|month|minute|am|pm|:|\/))/i.exec(
      text,
    )?.[1];
  if (said === undefined) return /\b(?:my|the) next (?:meeting|event|appointment|call)\b/i.test(text) ? 1 : undefined;
  return readNumber(said);
}
