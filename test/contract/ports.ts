/** A port with more than one implementation: one suite, which runs on each of them. */
export interface SharedContract {
  readonly suites: readonly string[];
  /** Names of what makes each implementation. */
  readonly implementations: readonly string[];
  /** Made of one of those, and why it needs no run of its own. */
  readonly besides?: Readonly<Record<string, string>>;
}

/** A port with one implementation, or what belongs to a port, and why there is no suite. */
export interface WithoutContract {
  readonly implementations: readonly string[];
  readonly besides?: Readonly<Record<string, string>>;
  readonly why: string;
}

/** Every interface of `shared/ports` that can be called. A new one, or a new implementation, is to be added here. */
export const ports: Readonly<Record<string, SharedContract | WithoutContract>> = {
  AccessTokens: {
    implementations: ['createEntraAccessTokens'],
    why: 'No fake: its tests run on the stand-in of Entra, which signs real tokens.',
  },
  Audit: { suites: ['audit.test.ts'], implementations: ['createCosmosAudit', 'createFakeAudit'] },
  Authority: {
    implementations: ['createEntraAuthority'],
    why: 'No fake: whoever needs one starts the stand-in of Entra, so that the protocol is always the real one.',
  },
  Bell: { suites: ['bell.test.ts'], implementations: ['createServiceBusBell', 'createFakeBell'] },
  Calendar: { suites: ['calendar.test.ts'], implementations: ['createMsgraphCalendar', 'createFakeCalendar'] },
  CallQuotas: { suites: ['call-quotas.test.ts'], implementations: ['createCosmosCallQuotas', 'createFakeCallQuotas'] },
  CatchUpMark: {
    suites: ['catch-up-mark.test.ts'],
    implementations: ['createCosmosCatchUpMark', 'createFakeCatchUpMark'],
  },
  Clock: { suites: ['clock.test.ts'], implementations: ['systemClock', 'createFakeClock', 'impatient'] },
  Conversations: {
    suites: ['commit', 'lease', 'load', 'queries', 'store-message'].map((name) => `conversations/${name}.test.ts`),
    implementations: ['createCosmosConversations', 'createFakeConversations'],
  },
  DataKey: { implementations: ['createDataKey'], why: 'What DataKeys hands out.' },
  DataKeys: {
    implementations: ['createDataKeys'],
    besides: { createTestDataKeys: 'The same, over wrapped keys in memory: tests seal indeed.' },
    why: 'No fake: sealing is cheap, and a test that did not seal would prove nothing.',
  },
  Directory: { suites: ['directory.test.ts'], implementations: ['createMsgraphDirectory', 'createFakeDirectory'] },
  Identities: {
    suites: ['identities.test.ts'],
    implementations: ['createCosmosIdentities', 'cacheIdentities', 'createFakeIdentities'],
  },
  Ids: { suites: ['clock.test.ts'], implementations: ['systemIds', 'createFakeIds'] },
  KeyWrapper: {
    implementations: ['createLocalKeyWrapper'],
    why: 'No fake: the local wrapper is what the sandbox runs on.',
  },
  Messenger: { suites: ['messenger.test.ts'], implementations: ['createWahaMessenger', 'createFakeMessenger'] },
  Model: { suites: ['model.test.ts'], implementations: ['createOpenaiModel', 'createFakeModel'] },
  Operation: {
    implementations: ['createOperation'],
    besides: {
      operationOf: 'A single call’s: createOperation with the keys of that call.',
      readsOnly: 'Refuses every write: for tools that say they read.',
    },
    why: 'Our own, and no vendor’s: test/conversation/operation.test.ts is its suite.',
  },
  OwnLeases: { suites: ['own-leases.test.ts'], implementations: ['createCosmosOwnLeases', 'createFakeOwnLeases'] },
  Pause: { suites: ['pause.test.ts'], implementations: ['createCosmosPause', 'createFakePause'] },
  People: { suites: ['people.test.ts'], implementations: ['createCosmosPeople', 'createFakePeople'] },
  SignIns: { suites: ['sign-ins.test.ts'], implementations: ['createCosmosSignIns', 'createFakeSignIns'] },
  VendorWrite: { implementations: [], why: 'A value that ports hand out: the suites of those perform and settle it.' },
  WebhookReader: {
    implementations: ['createWahaWebhookReader'],
    why: 'No fake: it reads what a real WAHA sent, in every test that has a webhook.',
  },
  WrappedKeys: { suites: ['wrapped-keys.test.ts'], implementations: ['createCosmosWrappedKeys', 'createFakeWrappedKeys'] },
};
