import type { Judgement } from './judge/judge.ts';
import { verdicts, type Verdict } from './judge/verdicts.ts';

/** What a run came to. */
export interface Report {
  readonly seed: number;
  readonly instances: number;
  readonly people: number;
  /** Whether it ever came to rest. */
  readonly isAtRest: boolean;
  readonly judgement: Judgement;
  /** How often each family of mischief struck. */
  readonly mischief: Readonly<Record<string, number>>;
  /** Processes of the first instance. */
  readonly starts: number;
  /** Requests that belong to no named step. */
  readonly unnamed: readonly string[];
  /** Sign-in left out. */
  readonly seconds: number;
}

const most = 40;

export function countOf({ judgement }: Pick<Report, 'judgement'>, verdict: Verdict): number {
  return judgement.findings.filter((finding) => finding.verdict === verdict).length;
}

/** Whether everything is as it must be: each count 0, each message answered, every request named. */
export function isSound(report: Report): boolean {
  const { judgement, unnamed, isAtRest, mischief } = report;
  // A frozen worker's request may land late; its id keeps the phone from showing it twice.
  const isResent = judgement.resent > (mischief['freezes'] ?? 0);
  const isClean = judgement.findings.length === 0 && judgement.answered === judgement.messages;
  return isAtRest && isClean && !isResent && unnamed.length === 0;
}

export function writeReport(report: Report): string {
  const { seed, judgement, mischief, starts, unnamed, seconds, instances, people, isAtRest } = report;
  const counts = (Object.entries(verdicts) as [Verdict, string][]).map(
    ([verdict, words]) => `  ${words.padEnd(34)}${String(countOf(report, verdict)).padStart(7)}`,
  );
  const found = judgement.findings
    .slice(0, most)
    .map(
      ({ verdict, tag, conversation, detail }) =>
        `  ${verdicts[verdict]}: ${[tag, conversation, detail].filter(Boolean).join(', ')}`,
    );
  const struck = Object.entries(mischief).map(([family, count]) => `${family} ${count}`);
  return [
    `Seed ${seed}, ${people} people, ${instances} instance(s), ${seconds.toFixed(0)} s, ${starts} starts; struck: ${struck.join(', ') || 'nothing'}`,
    `  ${'messages in'.padEnd(34)}${String(judgement.messages).padStart(7)}`,
    `  ${'answered'.padEnd(34)}${String(judgement.answered).padStart(7)}`,
    ...counts,
    `  ${'(asked about first, being old)'.padEnd(34)}${String(judgement.asked).padStart(7)}`,
    `  ${'(sent again under its id)'.padEnd(34)}${String(judgement.resent).padStart(7)}`,
    ...(found.length > 0 ? ['', 'Found:', ...found] : []),
    ...(unnamed.length > 0 ? ['', 'Requests of no named step:', ...unnamed.slice(0, most).map((line) => `  ${line}`)] : []),
    ...(isAtRest ? [] : ['', 'It never came to rest.']),
    '',
    isSound(report) ? 'Sound.' : `Not sound. The same again: npm run chaos -- --messages ${judgement.messages} --seed ${seed}`,
  ].join('\n');
}
