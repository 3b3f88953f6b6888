import { createCosmosClient, type Cosmos } from '../adapters/cosmos/client.ts';
import { createCosmosConversations } from '../adapters/cosmos/conversations.ts';
import { createCosmosIdentities, createCosmosWrappedKeys } from '../adapters/cosmos/people.ts';
import { createLocalKeyWrapper } from '../adapters/keyvault/local-key-wrapper.ts';
import { createServiceBusBell } from '../adapters/servicebus/bell.ts';
import { systemClock, systemIds } from '../adapters/system/clock.ts';
import { createWahaMessenger } from '../adapters/waha/messenger.ts';
import type { Settings } from '../config/config.ts';
import type { ConversationSettings } from '../conversation/settings.ts';
import { createBlindIndexes, type BlindIndexes } from '../domain/identity/index.ts';
import { createDataKeys } from '../domain/privacy/index.ts';
import type { Ports } from '../ports/index.ts';
import { vendorFetch } from './vendor-fetch.ts';

/** What every kind of work uses: made once a process, light enough for the webhook. */
export interface Basis {
  readonly settings: Settings;
  readonly conversation: ConversationSettings;
  readonly indexes: BlindIndexes;
  readonly cosmos: Cosmos;
  readonly ports: Pick<
    Ports,
    'bell' | 'clock' | 'conversations' | 'dataKeys' | 'identities' | 'ids' | 'keyWrapper' | 'messenger' | 'wrappedKeys'
  >;
  close(): Promise<void>;
}

// Within the webhook's three seconds there is time for one repeat.
const bellTimeoutMs = 2_000;
const cosmosTimeoutMs = 5_000;

export function createBasis(settings: Settings): Basis {
  const cosmos = createCosmosClient({
    endpoint: settings.COSMOS_ENDPOINT,
    key: settings.COSMOS_KEY,
    database: settings.COSMOS_DATABASE,
    managedIdentityClientId: settings.MANAGED_IDENTITY_CLIENT_ID,
    requestTimeoutMs: cosmosTimeoutMs,
  });
  const bell = createServiceBusBell({
    connectionString: settings.SERVICE_BUS,
    fullyQualifiedNamespace: settings.SERVICE_BUS__fullyQualifiedNamespace,
    managedIdentityClientId: settings.MANAGED_IDENTITY_CLIENT_ID,
    queue: 'bells',
    timeoutMs: bellTimeoutMs,
  });
  const wrappedKeys = createCosmosWrappedKeys(cosmos);
  const keyWrapper = createLocalKeyWrapper(settings.ORGANISATION_KEY);
  return {
    settings,
    conversation: conversationSettings(settings),
    indexes: createBlindIndexes(settings.BLIND_INDEX_KEY, settings.WORKSPACE),
    cosmos,
    ports: {
      bell,
      clock: systemClock,
      ids: systemIds,
      conversations: createCosmosConversations(cosmos),
      identities: createCosmosIdentities(cosmos),
      wrappedKeys,
      keyWrapper,
      dataKeys: createDataKeys({ wrappedKeys, keyWrapper, clock: systemClock }),
      messenger: createWahaMessenger({
        baseUrl: settings.WAHA_URL,
        apiKey: settings.WAHA_API_KEY,
        wahaSession: settings.WAHA_SESSION,
        timeoutMs: settings.VENDOR_TIMEOUT_SECONDS * 1_000,
        fetch: vendorFetch('waha'),
      }),
    },
    async close() {
      await bell.close();
      cosmos.close();
    },
  };
}

function conversationSettings(settings: Settings): ConversationSettings {
  return {
    workspace: settings.WORKSPACE,
    leaseMs: settings.LEASE_SECONDS * 1_000,
    beatMs: settings.BEAT_SECONDS * 1_000,
    marginMs: settings.LEASE_MARGIN_SECONDS * 1_000,
    vendorTimeoutMs: settings.VENDOR_TIMEOUT_SECONDS * 1_000,
    turnBudgetMs: settings.TURN_BUDGET_SECONDS * 1_000,
    takeoverMs: settings.TAKEOVER_SECONDS * 1_000,
    parkMs: settings.PARK_SECONDS * 1_000,
    maxAgeMs: settings.WEBHOOK_MAX_AGE_SECONDS * 1_000,
    transcriptTtlSeconds: Math.round(settings.TRANSCRIPT_DAYS * 86_400),
    proposeAfterMs: settings.PROPOSE_AFTER_SECONDS * 1_000,
    approvalMs: settings.APPROVAL_MINUTES * 60_000,
    rateLimits: { turnsPerHour: settings.PERSON_TURNS_PER_HOUR, tokensPerHour: settings.PERSON_TOKENS_PER_HOUR },
    maxTurnTokens: settings.TURN_TOKENS,
  };
}
