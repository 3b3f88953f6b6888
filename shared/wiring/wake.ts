import { z } from 'zod';
import { createEntraAuthority } from '../adapters/entra/authority.ts';
import { createCosmosPause } from '../adapters/cosmos/pause.ts';
import { createCosmosPeople, createCosmosSignIns, createCosmosAudit } from '../adapters/cosmos/people.ts';
import { createMsgraphCalendar } from '../adapters/msgraph/calendar.ts';
import { createMsgraphDirectory } from '../adapters/msgraph/directory.ts';
import { createOpenaiModel } from '../adapters/openai/model.ts';
import { createCheckpointers } from '../adapters/postgres/checkpointer.ts';
import { createLeaseEnds } from '../conversation/lease-ends.ts';
import { createPauseCheck } from '../conversation/pause.ts';
import { isSingleCall, settleSingleCall } from '../conversation/single-lease.ts';
import type { TurnWork } from '../conversation/turn/turn-work.ts';
import { wake } from '../conversation/wake.ts';
import { asAppError } from '../core/errors.ts';
import { sleep } from '../core/retry.ts';
import type { DataKey } from '../ports/data-keys.ts';
import { continueTrace, errorFields, linkSpan, log, observe, withSpan } from '../telemetry/index.ts';
import { createTools } from '../tools/index.ts';
import { authorityOptions } from './authority.ts';
import type { Basis } from './basis.ts';
import { vendorFetch } from './vendor-fetch.ts';
import { createBridgeCheck } from './bridge-check.ts';
import { createCheckpointSetup } from './checkpoint-setup.ts';
import { createPeopleWork } from './people.ts';

const Bell = z.object({ workspace: z.string().min(1), conversationId: z.string().min(1) });
const Delivery = z.object({
  deliveryCount: z.coerce.number().catch(1),
  properties: z.object({ traceparent: z.string().optional() }).loose().catch({}),
  /** Of the host's own span of this invocation. */
  traceparent: z.string().optional().catch(undefined),
});

// Longer than any turn may be parked.
const threadsKeptMs = 24 * 60 * 60 * 1_000;
const maxThreadsPerRun = 10_000;

export interface WakeWork {
  /** @param bell The queue message's body. @throws what could not even be parked, after a wait: the bell comes again. */
  wake(bell: unknown, delivery: { deliveryCount: unknown; properties: unknown; traceparent?: unknown }): Promise<void>;
  /** Deletes the threads of turns that ended: a turn goes on for hours at most. */
  maintain(): Promise<void>;
  close(): Promise<void>;
}

/** Everything a turn needs: the graph, the model, the tools and the people's own Microsoft 365. */
export function createWakeWork(basis: Basis): WakeWork {
  const checkpointers = createCheckpointers({ databaseUrl: basis.settings.DATABASE_URL, maxConnections: 5 });
  const bridge = createBridgeCheck(basis.ports.messenger, {
    withoutIds: basis.settings.WAHA_WITHOUT_IDS === 'true',
    clock: basis.ports.clock,
  });
  const closing = new AbortController();
  const work: TurnWork = {
    ...createTurnWork(basis, (key) => checkpointers.checkpointerFor(threadKey(key))),
    keepsIds: bridge.keepsIds,
    closing: closing.signal,
  };
  const stopObserving = observe('adjutant.postgres.connections', () =>
    Object.entries(checkpointers.connections()).map(([state, value]) => ({ value, attributes: { state } })),
  );
  const setup = createCheckpointSetup(checkpointers, basis.ports);
  return {
    async wake(body, given) {
      const bell = Bell.safeParse(body);
      const delivery = Delivery.parse(given);
      // A bell that names nobody would come again a hundred times and wake nobody.
      if (!bell.success) {
        log('error', 'bell.malformed');
        return;
      }
      await continueTrace(delivery.properties.traceparent, () =>
        withSpan('wake', { conversation: bell.data.conversationId, delivery: delivery.deliveryCount }, async () => {
          linkSpan(delivery.traceparent);
          try {
            await setup.begin();
            await bridge.check();
            const isRepeat = delivery.deliveryCount > 1;
            await (isSingleCall(bell.data) ? settleSingleCall(work, bell.data) : wake(work, bell.data, { isRepeat }));
          } catch (error) {
            log('error', 'wake.failed', { ...errorFields(error), delivery: delivery.deliveryCount });
            // The host gives a failed bell back at once: without a wait its deliveries burn in seconds.
            if (asAppError(error) && !closing.signal.aborted) await sleep(Math.min(2 ** delivery.deliveryCount, 60) * 1_000);
            throw error;
          }
        }),
      );
    },
    async maintain() {
      const before = new Date(basis.ports.clock.now() - threadsKeptMs);
      const deleted = await checkpointers.deleteThreadsBefore(before, maxThreadsPerRun);
      log('info', 'maintenance.threads-deleted', { deleted });
    },
    async close() {
      stopObserving();
      closing.abort();
      await checkpointers.close();
    },
  };
}

function createTurnWork(basis: Basis, checkpointerFor: TurnWork['checkpointerFor']): Omit<TurnWork, 'closing' | 'keepsIds'> {
  const { settings } = basis;
  const audit = createCosmosAudit(basis.cosmos);
  const people = createPeopleWork(basis, {
    people: createCosmosPeople(basis.cosmos),
    signIns: createCosmosSignIns(basis.cosmos),
    audit,
    authority: createEntraAuthority(authorityOptions(settings)),
  });
  const msgraph = {
    baseUrl: settings.MSGRAPH_URL,
    timeoutMs: settings.VENDOR_TIMEOUT_SECONDS * 1_000,
    tokenFor: people.tokenFor,
    fetch: vendorFetch('msgraph'),
  };
  const pause = createCosmosPause(basis.cosmos, settings.WORKSPACE);
  const calendar = createMsgraphCalendar(msgraph);
  const directory = createMsgraphDirectory(msgraph);
  const model = createOpenaiModel({
    apiKey: settings.OPENAI_API_KEY,
    baseUrl: settings.OPENAI_BASE_URL,
    model: settings.OPENAI_MODEL,
    fallbackModel: settings.OPENAI_FALLBACK_MODEL,
    timeoutMs: settings.MODEL_TIMEOUT_SECONDS * 1_000,
    fetch: vendorFetch('openai'),
  });
  return {
    ports: { ...basis.ports, audit, people: people.people, signIns: people.signIns, model },
    settings: basis.conversation,
    leaseEnds: createLeaseEnds(),
    organisation: settings.ORGANISATION_NAME,
    indexes: basis.indexes,
    tools: createTools({ ...basis.ports, calendar, directory, pause, people: people.people }, settings.WORKSPACE),
    isPaused: createPauseCheck({ pause, clock: basis.ports.clock }).isPaused,
    checkpointerFor,
    signInIdOf: people.signInIdOf,
    roleOf: people.roleOf,
    signInFor: people.signInFor(directory),
  };
}

function threadKey(key: DataKey) {
  return {
    encrypt: (plain: Uint8Array) => key.sealBytes(plain, 'checkpoint'),
    decrypt: (sealed: Uint8Array) => key.openBytes(sealed, 'checkpoint'),
  };
}
