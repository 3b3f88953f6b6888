import { createAgent, send, type Answer } from '../shot.ts';
import { parseJson, type Target } from '../target.ts';
import { formOf } from '../mutate/address.ts';
import type { Headers } from '../mutate/headers.ts';
import { shotOf, type Seed } from './seeds.ts';

export interface HttpTargetOptions {
  readonly under: Target['under'];
  readonly url: string;
  readonly headers: Headers;
  readonly seeds: readonly Seed[];
  /** Whether a failure says why, in the vendor's own shape. */
  readonly saysWhy: (body: unknown, answer: Answer) => boolean;
  /** Whether a status from 500 is what the vendor itself answers to that. */
  readonly isOwnFailure?: (body: unknown, answer: Answer) => boolean;
}

/** Requests made of seeds; whoever refuses one says why. The first seed is what must still work afterwards. */
export function createHttpTarget(options: HttpTargetOptions): Target {
  const { under, url, headers, seeds, saysWhy, isOwnFailure = () => false } = options;
  return {
    ...{ under, url },
    make: (random) => shotOf(random, seeds, headers),
    outcome: ({ status }) => String(status),
    judge(shot, answer) {
      const { status, body } = answer;
      if (typeof status === 'string') return status;
      const parsed = parseJson(body);
      // The answer to a HEAD cannot say whose it is; its GET is fired too.
      if ('method' in shot && shot.method === 'HEAD') return undefined;
      if (status >= 500 && !isOwnFailure(parsed, answer)) return `answered ${status}`;
      if (status >= 400 && !isRefusedByServer(answer) && !saysWhy(parsed, answer))
        return `${status} without a reason in the vendor's words`;
      return undefined;
    },
    async healthy() {
      const [seed] = seeds;
      if (!seed) return 'there is no seed';
      const body = Buffer.from(seed.json === undefined ? '' : JSON.stringify(seed.json));
      const type: Headers = seed.json === undefined ? {} : { 'content-type': 'application/json' };
      const query = formOf(seed.query ?? []);
      const shot = {
        label: '',
        method: seed.method,
        path: `${seed.path}${query && '?'}${query}`,
        headers: { ...headers, ...type, ...seed.headers },
        body,
      };
      const { status, body: text } = await send(shot, { url, agent: createAgent(1), timeoutMs: 10_000 });
      return typeof status === 'number' && status < 400
        ? undefined
        : `an ordinary request was answered ${status}: ${text.slice(0, 500)}`;
    },
  };
}

/** What never reached the vendor's code: a request line or headers that HTTP does not take. */
export const isRefusedByServer = ({ status, body }: Answer): boolean => [400, 405, 431].includes(Number(status)) && body === '';
