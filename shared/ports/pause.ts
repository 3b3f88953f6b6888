/** Whether the application rests, and whose conversation is worked all the same. */
export interface PauseState {
  readonly paused: boolean;
  /** The conversation of the admin who paused: there it can be resumed. Undefined where they have none. */
  readonly by: string | undefined;
  /** Since when it is so, milliseconds since 1970; undefined where nobody ever paused. */
  readonly at: number | undefined;
}

export interface PauseChange {
  readonly paused: boolean;
  readonly by: string | undefined;
  readonly at: number;
  /** Of whoever asks: the same one again changes nothing, whatever became of it meanwhile. */
  readonly key: string;
}

/** "Pause everything": one document among the settings of the workspace. Errors of both: as `Conversations`. */
export interface Pause {
  load(signal?: AbortSignal): Promise<PauseState>;
  /** Pauses or resumes once for each key; answers how it stands now, and whether this very change made it so. */
  change(change: PauseChange, signal?: AbortSignal): Promise<{ readonly state: PauseState; readonly changed: boolean }>;
}
