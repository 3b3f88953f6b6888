import { isIP } from 'node:net';
import { createWahaWebhookReader } from '../adapters/waha/webhook-reader.ts';
import { createCosmosCatchUpMark } from '../adapters/cosmos/catch-up-mark.ts';
import { createCosmosPause } from '../adapters/cosmos/pause.ts';
import { createCosmosAudit } from '../adapters/cosmos/people.ts';
import { createErasedAudit, createRefusalAudit } from '../domain/audit/index.ts';
// Each from its own file: the webhook must not load what wakes a conversation.
import { catchUp } from '../conversation/catch-up.ts';
import { createPauseCheck } from '../conversation/pause.ts';
import { receive, type Received } from '../conversation/receive.ts';
import { ringOverdue } from '../conversation/ring-overdue.ts';
import { AppError, asAppError } from '../core/errors.ts';
import { readBounded, type BodyFromOutside } from '../core/read-bounded.ts';
import { cacheIdentities, cacheLookUps } from '../domain/identity/index.ts';
import { maxWebhookBytes } from '../ports/webhook-reader.ts';
import { continueTrace, errorFields, log, withSpan } from '../telemetry/index.ts';
import type { Basis } from './basis.ts';

/** A webhook as the trigger has it: the body is still to be read. */
export interface WebhookCall {
  readonly headers: Headers;
  readonly body: BodyFromOutside['body'];
  readonly forwardedFor: string;
  readonly traceparent?: string | undefined;
}

export interface WebhookWork {
  /** @throws {AppError} `unauthorized`, after it was counted and, at most once a minute and address, written down. */
  receive(request: WebhookCall): Promise<Received>;
  ringOverdue(): Promise<void>;
  catchUp(): Promise<void>;
}

/** What the webhook and the timers beside it run: without the model, the graph or a calendar. */
export function createWebhookWork(basis: Basis): WebhookWork {
  const { settings } = basis;
  const webhookReader = createWahaWebhookReader({ hmacKeys: settings.WAHA_HMAC_KEYS, wahaSession: settings.WAHA_SESSION });
  const identities = cacheIdentities(basis.ports.identities, basis.ports.clock);
  const messenger = { ...basis.ports.messenger, ...cacheLookUps({ ...basis.ports, identities }, basis.indexes) };
  const ports = { ...basis.ports, webhookReader, identities, messenger };
  const options = { settings: basis.conversation, indexes: basis.indexes };
  const { isPaused, exempt } = createPauseCheck({
    pause: createCosmosPause(basis.cosmos, settings.WORKSPACE),
    clock: ports.clock,
  });
  const trail = { audit: createCosmosAudit(basis.cosmos), clock: ports.clock };
  const refusals = createRefusalAudit(trail, settings.WORKSPACE);
  const erased = createErasedAudit(trail, settings.WORKSPACE);
  return {
    receive: (request) =>
      continueTrace(request.traceparent, () =>
        withSpan('webhook', {}, async () => {
          try {
            const body = await readBounded(request, maxWebhookBytes);
            const received = await receive(ports, options, { headers: Object.fromEntries(request.headers), body });
            if (received.erased !== undefined) await erased.note(received.erased);
            return received;
          } catch (error) {
            if (asAppError(error, 'unauthorized')) await refusals.note(addressOf(request.forwardedFor));
            throw error;
          }
        }),
      ),
    ringOverdue: () =>
      unlessUnreachable('ring-overdue', () => ringOverdue(ports, { workspace: settings.WORKSPACE, isPaused, exempt })),
    catchUp: () =>
      unlessUnreachable('catch-up', () => catchUp(ports, options, createCosmosCatchUpMark(basis.cosmos, settings.WORKSPACE))),
  };
}

/** A timer that cannot reach a vendor says so and is run again at its next time. */
async function unlessUnreachable(what: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await withSpan(what, {}, run);
  } catch (error) {
    if (!(error instanceof AppError) || !error.retryable) throw error;
    log('error', `${what}.failed`, errorFields(error));
  }
}

/** Who really called: the last entry is Azure's own, the ones before it are the caller's to invent. */
function addressOf(forwardedFor: string): string {
  const last = forwardedFor.split(',').at(-1)?.trim() ?? '';
  const address = isIP(last) === 0 ? last.replace(/:\d+$/, '').replace(/^\[|\]$/g, '') : last;
  return isIP(address) === 0 ? 'unknown' : address;
}
