import { test } from 'vitest';
import type { RequirementId } from './requirements.ts';

/**
 * A test that proves a requirement; its title in the report is the requirement's id, and `detail` where one
 * requirement needs several tests. `test/architecture/requirements.test.ts` finds these calls by their text, so ids are
 * written as literals.
 */
export function verifies(id: RequirementId | readonly RequirementId[], detailOrRun: string | TestBody, body?: TestBody): void {
  const title = typeof id === 'string' ? id : id.join(' + ');
  if (typeof detailOrRun === 'function') test(title, detailOrRun);
  else if (body) test(`${title} — ${detailOrRun}`, body);
  else throw new TypeError(`verifies('${title}', …) has no test body`);
}

type TestBody = () => void | Promise<void>;
