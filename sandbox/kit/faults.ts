import { z } from 'zod';

/** The vendors that can be told to fail; one word each, as everywhere. */
export const vendorNames = ['waha', 'msgraph', 'entra', 'openai', 'cosmos', 'servicebus', 'postgres', 'storage', 'otlp'] as const;
export type VendorName = (typeof vendorNames)[number];

/**
 * One fault asked for with `POST /sandbox/faults`; it meets the next `times` requests that match.
 * - `answer`: answer `status` (and `body`, `retryAfterSeconds`) without doing anything;
 * - `answer-after-doing`: do it, then answer that; without a status, drop the connection (after `delayMs` of silence);
 * - `hang`: never answer (`delayMs` bounds it: then the connection is dropped);
 * - `drop`: close the connection without an answer;
 * - `duplicate`: do it twice;
 * - `delay`: do it after `delayMs`;
 * - `lose-lock`: Service Bus only: the lock of what is delivered is lost at once;
 * - `kill-before`, `kill-after`: the application that asked is killed (SIGKILL) before it is done, or after it was done and
 *   before it is answered;
 * - `freeze-before`, `freeze-after`: it is frozen (SIGSTOP) for `freezeMs` and goes on (SIGCONT) as what it asked for is
 *   done late, or answered late.
 * The last four hold the request for `delayMs` first, and one blow strikes all that are held.
 */
export const Fault = z.object({
  vendor: z.enum(vendorNames),
  match: z
    .object({
      method: z.string().optional(),
      path: z.string().optional(),
      body: z.string().optional(),
      /** A regular expression. */
      bodyMatches: z.string().optional(),
      /** Only what this application asks, counted from 1. */
      application: z.int().min(1).optional(),
    })
    .optional(),
  effect: z.enum([
    'answer',
    'hang',
    'drop',
    'answer-after-doing',
    'duplicate',
    'delay',
    'lose-lock',
    'kill-before',
    'kill-after',
    'freeze-before',
    'freeze-after',
  ]),
  status: z.int().min(100).max(599).optional(),
  body: z.unknown().optional(),
  retryAfterSeconds: z.number().min(0).optional(),
  delayMs: z.int().min(0).optional(),
  freezeMs: z.int().min(1).optional(),
  times: z.int().min(1).default(1),
});
export type Fault = z.infer<typeof Fault>;

/** What a request is matched by: `path`, `body` and `bodyMatches` are found anywhere in it, `method` is equal. */
export interface FaultSubject {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  /** Whether an application asked it, counted from 1. */
  readonly isOf?: ((application: number) => boolean) | undefined;
}

export interface Faults {
  /** @returns how many requests it has met by now. */
  add(fault: z.input<typeof Fault>): () => number;
  clear(): void;
  /** Those that have still to meet something. */
  left(): readonly Fault[];
  /** The fault that meets this request, counted down; the oldest that matches first. */
  take(vendor: VendorName, subject: FaultSubject): Fault | undefined;
}

export function createFaults(): Faults {
  const pending: { fault: Fault; left: number }[] = [];
  return {
    add(input) {
      const fault = Fault.parse(input);
      const one = { fault, left: fault.times };
      pending.push(one);
      return () => fault.times - one.left;
    },
    clear: () => void pending.splice(0),
    left: () => pending.map(({ fault }) => fault),
    take(vendor, subject) {
      const index = pending.findIndex(({ fault }) => fault.vendor === vendor && matches(fault, subject));
      const found = pending[index];
      if (!found) return undefined;
      found.left -= 1;
      if (found.left === 0) pending.splice(index, 1);
      return found.fault;
    },
  };
}

export function matches({ match }: Pick<Fault, 'match'>, subject: FaultSubject): boolean {
  if (!match) return true;
  if (match.method !== undefined && match.method.toUpperCase() !== subject.method.toUpperCase()) return false;
  if (match.path !== undefined && !subject.path.includes(match.path)) return false;
  if (match.bodyMatches !== undefined && !new RegExp(match.bodyMatches).test(subject.body ?? '')) return false;
  if (match.body !== undefined && !(subject.body ?? '').includes(match.body)) return false;
  // Last: it is the dearest to tell.
  return match.application === undefined || subject.isOf?.(match.application) !== false;
}
