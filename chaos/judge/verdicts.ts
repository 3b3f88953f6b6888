/** What may be found wrong, or is to be counted; in words for the report. */
export const verdicts = {
  lost: 'never answered',
  failed: 'failed for good',
  repeated: 'answered more than once',
  incomplete: 'answered in part, or its parts in disorder',
  stray: 'said, and recorded nowhere',
  disordered: 'answered out of order',
  doubled: 'written more than once',
  claimed: 'said to be written, and not written',
  untold: 'written, and not told',
  undone: 'not written, and not told why',
  refused: 'told not to be done',
  uncertain: 'sent with an unknown outcome',
  unknown: 'written with an unknown outcome',
  dead: 'bells in the dead letters',
  stuck: 'still due, or still held',
} as const;
export type Verdict = keyof typeof verdicts;

/** One thing that is not as it must be, with where to look. */
export interface Finding {
  readonly verdict: Verdict;
  readonly conversation: string;
  readonly tag: string;
  readonly detail: string;
}
