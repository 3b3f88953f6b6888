import type { ConversationRef } from '../ports/bell.ts';
import type { Clock } from '../ports/clock.ts';
import type { Pause, PauseState } from '../ports/pause.ts';
import { errorFields, log } from '../telemetry/index.ts';

// How soon a pause, or its end, is seen by every process: one read for all the bells of five seconds.
const cachedForMs = 5_000;
// How long what was read last counts where it cannot be read again.
const trustedForMs = 60_000;

/** Whether everything rests. */
export interface PauseCheck {
  /** @param ref A conversation about to be worked: that of the admin who paused goes on, so that they can resume there. */
  isPaused(ref?: ConversationRef): Promise<boolean>;
  /** That conversation, while a pause lasts; undefined where there is none, or no pause. */
  exempt(): Promise<string | undefined>;
}

/**
 * A pause is a convenience of operations, not a safety device: where it cannot be read, what was read last counts for a
 * minute, and then the work goes on.
 */
export function createPauseCheck({ pause, clock }: { readonly pause: Pause; readonly clock: Clock }): PauseCheck {
  let known: { readonly state: PauseState; readonly readAt: number } | undefined;
  let current: { readonly state: Promise<PauseState | undefined>; readonly until: number } | undefined;
  const read = async (): Promise<PauseState | undefined> => {
    try {
      known = { state: await pause.load(), readAt: clock.now() };
      return known.state;
    } catch (error) {
      log('warn', 'pause.unknown', errorFields(error));
      return known && clock.now() - known.readAt < trustedForMs ? known.state : undefined;
    }
  };
  const recent = (): Promise<PauseState | undefined> => {
    if (!current || current.until <= clock.now()) current = { state: read(), until: clock.now() + cachedForMs };
    return current.state;
  };
  return {
    async isPaused(ref) {
      const state = await recent();
      return state?.paused === true && (ref === undefined || ref.conversationId !== state.by);
    },
    async exempt() {
      const state = await recent();
      return state?.paused === true ? state.by : undefined;
    },
  };
}
