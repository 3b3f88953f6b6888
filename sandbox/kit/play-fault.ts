import { strikes } from './applications.ts';
import type { Fault, VendorName } from './faults.ts';

interface Doing {
  /** Does what was asked for; each call does it once more. */
  readonly perform: () => Promise<Response>;
  /** Kills or freezes whoever asked. @returns whether it met them. */
  readonly strike: () => Promise<boolean>;
  /** The body of an error, in the vendor's own words. */
  readonly errorBody: (status: number) => unknown;
}

/** The answer under a fault, or undefined where there is to be none. */
export async function playFault(fault: Fault | undefined, doing: Doing): Promise<Response | undefined> {
  const { perform } = doing;
  if (fault && strikes(fault)) return playStrike(fault, doing);
  switch (fault?.effect) {
    case 'hang':
    case 'drop':
      return undefined;
    case 'answer':
      return faultAnswer(fault, doing);
    case 'answer-after-doing':
      await (await perform()).arrayBuffer();
      return fault.status === undefined ? undefined : faultAnswer(fault, doing);
    case 'duplicate':
      await (await perform()).arrayBuffer();
      return perform();
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs ?? 1_000));
      return perform();
    default:
      return perform();
  }
}

/** Whoever asked is killed, and hears nothing; or frozen, and what it asked for is done, or answered, when it goes on. */
async function playStrike({ effect }: Fault, { perform, strike }: Doing): Promise<Response | undefined> {
  const isKill = effect.startsWith('kill-');
  if (effect.endsWith('-before')) {
    const isStruck = await strike();
    return isKill && isStruck ? undefined : perform();
  }
  const response = await perform();
  const isStruck = await strike();
  return isKill && isStruck ? undefined : response;
}

function faultAnswer({ status = 500, body, retryAfterSeconds }: Fault, { errorBody }: Doing): Response {
  return Response.json(body ?? errorBody(status), {
    status,
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  });
}

// What stands before a vendor answers so, in words of its own.
const gatewayStatuses: Partial<Record<VendorName, readonly number[]>> = { waha: [502, 503], openai: [408], msgraph: [502] };

/** Whether the answer is the fault's own; an error in the vendor's words is held against its document as any other. */
export const answersItself = ({ vendor, effect, body }: Fault, status: number): boolean =>
  (effect === 'answer' || effect === 'answer-after-doing') &&
  (body !== undefined || status < 400 || gatewayStatuses[vendor]?.includes(status) === true);

/** Whether nobody hears anything for a while, be it done or not. */
export const hangs = ({ effect, delayMs, status }: Fault): boolean =>
  effect === 'hang' || (effect === 'answer-after-doing' && status === undefined && delayMs !== undefined);
