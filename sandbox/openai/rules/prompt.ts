import { DateTime, IANAZone } from 'luxon';

/** What the application's instructions say about the moment and the person; each line may be missing. */
export interface Prompt {
  /** Now, in the person's zone. */
  readonly now: DateTime;
  readonly zone: string;
  readonly person: { readonly name: string; readonly email: string | undefined } | undefined;
  readonly text: string;
}

/** @param fallbackMs The time where the instructions state none, in milliseconds since 1970. */
export function readPrompt(instructions: string, fallbackMs: number): Prompt {
  const zone = zoneIn(instructions);
  const now = nowIn(instructions, zone) ?? DateTime.fromMillis(fallbackMs, { zone });
  return { now, zone, person: personIn(instructions), text: instructions };
}

function zoneIn(instructions: string): string {
  const stated = instructions.matchAll(/\btime ?zone(?: is)?\s*[:=]?\s*["'`]?([A-Za-z]+(?:\/[A-Za-z0-9_+-]+)*)/gi);
  return [...stated].map(([, zone = '']) => zone).find((zone) => IANAZone.isValidZone(zone)) ?? 'UTC';
}

function nowIn(instructions: string, zone: string): DateTime | undefined {
  const stated =
    /\b(?:now|current (?:date and )?time)(?: is)?\s*[:=]?\s*["'`]?(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)/i.exec(
      instructions,
    )?.[1];
  if (stated === undefined) return undefined;
  const now = DateTime.fromISO(stated, { zone });
  return now.isValid ? now : undefined;
}

function personIn(instructions: string): Prompt['person'] {
  const line = /^[ \t*-]*(?:person|user|speaking with)\s*:\s*([^<,\n]+?)\s*(?:<([^>\s]+)>)?(?:,|\n|$)/im.exec(instructions);
  return line?.[1] === undefined ? undefined : { name: line[1], email: line[2] };
}
