import { CronExpressionParser } from 'cron-parser';

export interface Schedule {
  /** The first occurrence after `afterMs`, in milliseconds since 1970. */
  next(afterMs: number): number;
  /** Two occurrences within a minute: the real host then keeps no record of runs. */
  readonly frequent: boolean;
}

const value = String.raw`(?:\d+|[a-z]{3})`;
const range = String.raw`(?:\*|${value}(?:-${value})?)(?:/\d+)?`;
const field = new RegExp(`^${range}(?:,${range})*$`, 'i');
const probedOccurrences = 5;

/**
 * An NCRONTAB expression of six fields (or five: at second 0), in UTC.
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export function parseSchedule(expression: string): Schedule {
  const fields = expression.trim().split(/\s+/);
  if (/^(\d+\.)?\d{1,2}:\d{2}(:\d{2})?$/.test(expression.trim()))
    throw new Error(`the schedule '${expression}' is a time span: App Service plans alone have those`);
  if ((fields.length !== 5 && fields.length !== 6) || !fields.every((part) => field.test(part))) {
    throw new Error(`the schedule '${expression}' is no NCRONTAB expression of six fields`);
  }
  const six = fields.length === 5 ? ['0', ...fields] : fields;
  // NCRONTAB wants both to match, the parser either.
  if (six[3] !== '*' && six[5] !== '*')
    throw new Error(`the schedule '${expression}' restricts both day and weekday, which is not played`);
  const text = six.join(' ');
  const next = (afterMs: number) =>
    CronExpressionParser.parse(text, { currentDate: new Date(afterMs), tz: 'UTC' })
      .next()
      .getTime();
  return { next, frequent: isFrequent(next) };
}

function isFrequent(next: (afterMs: number) => number): boolean {
  let at = next(Date.now());
  for (let count = 0; count < probedOccurrences; count += 1) {
    const following = next(at);
    if (following - at < 60_000) return true;
    at = following;
  }
  return false;
}
