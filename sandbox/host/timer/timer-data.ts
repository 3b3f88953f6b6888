import type { TypedData } from '../core/types.ts';
import type { Schedule } from './schedule.ts';
import type { StatusStore, TimerStatus } from './status-file.ts';

/** What the function gets; without a record of runs the schedule's status is null. */
export function toTimerData(isPastDue: boolean, status: TimerStatus | undefined): TypedData {
  const at = (milliseconds: number) => new Date(milliseconds).toISOString();
  return {
    json: JSON.stringify({
      Schedule: { AdjustForDST: true },
      ScheduleStatus: status ? { Last: at(status.lastMs), Next: at(status.nextMs), LastUpdated: at(status.updatedMs) } : null,
      IsPastDue: isPastDue,
    }),
  };
}

/**
 * Whether a run was missed while no host was up, by the record of the last one; a record of another schedule is replaced
 * first, and where there is none one is begun.
 */
export function isPastDue({ name, schedule, statuses }: { name: string; schedule: Schedule; statuses: StatusStore }): boolean {
  const now = Date.now();
  const renew = (lastMs: number) => statuses.write(name, { lastMs, nextMs: schedule.next(now), updatedMs: now });
  const status = statuses.read(name);
  if (!status) {
    renew(0);
    return false;
  }
  if (schedule.next(status.lastMs === 0 ? status.updatedMs : status.lastMs) !== status.nextMs) {
    renew(status.lastMs);
    return false;
  }
  return now > status.nextMs;
}
