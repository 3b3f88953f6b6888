import type { AccessTokens } from './access-tokens.ts';
import type { Authority } from './authority.ts';
import type { Bell } from './bell.ts';
import type { CallQuotas } from './call-quotas.ts';
import type { Calendar } from './calendar.ts';
import type { Clock, Ids } from './clock.ts';
import type { Conversations } from './conversations.ts';
import type { DataKeys } from './data-keys.ts';
import type { Directory } from './directory.ts';
import type { Messenger } from './messenger.ts';
import type { Model } from './model.ts';
import type { OwnLeases } from './own-leases.ts';
import type { Pause } from './pause.ts';
import type { Audit, Identities, People, SignIns } from './people.ts';
import type { WebhookReader } from './webhook-reader.ts';
import type { KeyWrapper, WrappedKeys } from './wrapped-keys.ts';

/** Everything the application needs from outside; each part asks for what it uses: `Pick<Ports, 'calendar'>`. */
export interface Ports {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly bell: Bell;
  readonly conversations: Conversations;
  readonly dataKeys: DataKeys;
  readonly identities: Identities;
  readonly people: People;
  readonly signIns: SignIns;
  readonly audit: Audit;
  readonly authority: Authority;
  readonly accessTokens: AccessTokens;
  readonly ownLeases: OwnLeases;
  readonly callQuotas: CallQuotas;
  readonly pause: Pause;
  readonly messenger: Messenger;
  readonly model: Model;
  readonly calendar: Calendar;
  readonly directory: Directory;
  readonly webhookReader: WebhookReader;
  readonly wrappedKeys: WrappedKeys;
  readonly keyWrapper: KeyWrapper;
}
