export { listFailures, type KnownFailure } from './failures.ts';
export { setPaused, type PauseOutcome } from './pause.ts';
export { replayFailure, type ReplayedFailure } from './replay-failure.ts';
