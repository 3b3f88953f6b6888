import type { Engine, WhatsAppPerson } from './model.ts';

export interface WebhookOptions {
  readonly url: string | (() => string);
  /** Names of events, or `*` for all but `engine.event` and `state.change`, which is the default. */
  readonly events?: readonly string[];
  readonly hmacKey: string;
  /** WAHA's own default: constant, 2 s, 15 attempts. */
  readonly retries?: {
    readonly policy: 'constant' | 'linear' | 'exponential';
    readonly delaySeconds: number;
    readonly attempts: number;
  };
  readonly customHeaders?: readonly { readonly name: string; readonly value: string }[];
}

export interface WahaOptions {
  readonly apiKey: string;
  readonly wahaSession: string;
  readonly engine?: Engine;
  readonly version?: string;
  /** Where WAHA is found from outside, as WAHA_BASE_URL: links to media begin with it. */
  readonly baseUrl: string | (() => string);
  /** The account that WAHA runs. */
  readonly account: { readonly phone: string; readonly lid: string; readonly name: string };
  readonly people: readonly WhatsAppPerson[];
  readonly webhook: WebhookOptions;
  /** How long a phone shows that the other is typing without hearing of it again. */
  readonly typingMs?: number;
  /** Each counted from the one before. */
  readonly ackDelaysMs?: { readonly server: number; readonly device: number; readonly read: number };
  /** The chat id of acks: as the message was sent, or always one kind, as WhatsApp moves chats to lids. */
  readonly acksAs?: 'sent' | 'lid' | 'phone';
  /** How long WAHA takes to answer once a message is on its way: acks may come before the answer. */
  readonly sendMs?: number;
  /** How long WAHA downloads media before it tells of the message: text overtakes it. */
  readonly mediaDownloadMs?: number;
  /** Whether NOWEB was started with its store; here it is by default, at WAHA it is not. */
  readonly nowebStore?: boolean;
  /** What a message that is not there is answered with: by default 404 on NOWEB, 500 on GOWS. */
  readonly missingMessageStatus?: 404 | 500;
  /** How long a call waits for the session to be as it should; half of it where the session is stopped. */
  readonly statusWaitMs?: number;
}

export type Settings = Required<WahaOptions> & { readonly webhook: Required<WebhookOptions> };

export function withDefaults(options: WahaOptions): Settings {
  return {
    engine: 'GOWS',
    version: '2026.8.2',
    typingMs: 25_000,
    ackDelaysMs: { server: 50, device: 150, read: 300 },
    acksAs: 'sent',
    sendMs: 0,
    mediaDownloadMs: 100,
    statusWaitMs: 10_000,
    nowebStore: true,
    missingMessageStatus: options.engine === 'NOWEB' ? 404 : 500,
    ...options,
    webhook: {
      events: ['*'],
      retries: { policy: 'constant', delaySeconds: 2, attempts: 15 },
      customHeaders: [],
      ...options.webhook,
    },
  };
}

/** Whether chats, messages and lids can be read: GOWS keeps them always, NOWEB where it was told to. */
export const hasStore = ({ engine, nowebStore }: Settings): boolean => engine !== 'NOWEB' || nowebStore;

/** Whether WAHA is of this release or a later one: `2026.4.3`. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [left, right] = [version, wanted].map((text) => text.split('.').map(Number));
  for (const [index, number] of (right ?? []).entries()) {
    const own = left?.[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}

export const valueOf = (value: string | (() => string)): string => (typeof value === 'function' ? value() : value);
