import { randomUUID } from 'node:crypto';
import type { SandboxContext } from '../kit/context.ts';
import type { HttpVendor } from '../kit/http.ts';
import { seedCalendars, type SeedCalendars } from '../seed/calendars.ts';
import type { SeedPerson } from '../seed/people.ts';
import { findPerson } from './access.ts';
import { actionRoutes } from './calendar/actions.ts';
import { eventsOf, wholeItem } from './calendar/book.ts';
import { calendarRoutes } from './calendar/calendars.ts';
import { eventRoutes } from './calendar/events.ts';
import { listRoutes } from './calendar/lists.ts';
import { previewOf, renderEvent } from './calendar/render.ts';
import { errorBody, failureOfStatus } from './errors.ts';
import { messageRoutes } from './mail/messages.ts';
import { mailboxSettingsRoutes } from './people/mailbox-settings.ts';
import { userRoutes } from './people/users.ts';
import { parsePreferences } from './prefer.ts';
import type { DuplicateTransaction, Route, World } from './routes.ts';
import { plant } from './seed.ts';
import { createHandler, type VerifyToken } from './serve.ts';
import { openStore } from './store.ts';
import { isoSeconds } from './time.ts';

export type { GraphToken } from './access.ts';

/** Every route played, an area a file; with what each asks of a token. */
export const msgraphRoutes: readonly Route[] = [
  ...userRoutes,
  ...mailboxSettingsRoutes,
  ...calendarRoutes,
  ...eventRoutes,
  ...listRoutes,
  ...actionRoutes,
  ...messageRoutes,
];

export interface MsgraphOptions {
  readonly people: readonly SeedPerson[];
  /** Whom a bearer token speaks for; undefined where it is not valid. */
  readonly verifyToken: VerifyToken;
  /** What the calendars hold when the state is empty. */
  readonly seed?: (input: { people: readonly SeedPerson[]; now: number }) => SeedCalendars;
  /** What next links are made of, as the real service does; the application rewrites the origin. */
  readonly publicOrigin?: string;
  readonly duplicateTransaction?: DuplicateTransaction;
}

export interface MailSeen {
  readonly subject: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly bodyPreview: string;
  readonly receivedDateTime: string;
}

export interface Msgraph {
  /** Its paths begin at `/v1.0`. */
  readonly vendor: HttpVendor;
  /** The inbox of a person, the oldest first. */
  mailbox(email: string): MailSeen[];
  /** The calendar of a person, series by their master, in full and in UTC. */
  events(email: string): Record<string, unknown>[];
  /** Whether a request is being answered. */
  busy(): boolean;
}

export function createMsgraph(context: SandboxContext, options: MsgraphOptions): Msgraph {
  const { people, verifyToken, seed = seedCalendars } = options;
  const world: World = {
    context,
    people,
    store: openStore(context),
    publicOrigin: options.publicOrigin ?? 'https://graph.microsoft.com',
    duplicateTransaction: options.duplicateTransaction ?? { status: 400, tellsExistingEvent: true },
  };
  world.store.seedOnce(() => plant(world, seed({ people, now: context.clock.now() })));
  const handle = createHandler(world, { routes: msgraphRoutes, verifyToken });
  let open = 0;
  return {
    vendor: {
      vendor: 'msgraph',
      async fetch(request) {
        open += 1;
        try {
          return await handle(request);
        } finally {
          open -= 1;
        }
      },
      errorBody(status) {
        const requestId = randomUUID();
        return errorBody(failureOfStatus(status), { requestId, clientRequestId: requestId, now: context.clock.now() });
      },
    },
    mailbox: (email) => mailSeen(world, email),
    events: (email) => eventsSeen(world, email),
    busy: () => open > 0,
  };
}

const oidOf = ({ people }: World, email: string) => findPerson(people, email)?.oid;

function mailSeen(world: World, email: string): MailSeen[] {
  const oid = oidOf(world, email);
  return world.store.messages
    .values()
    .filter(({ mailbox, folder }) => mailbox === oid && folder === 'inbox')
    .map(({ subject, from, to, body, receivedAt }) => ({
      subject,
      from: from.address,
      to: to.map(({ address }) => address),
      bodyPreview: previewOf(body),
      receivedDateTime: isoSeconds(receivedAt),
    }));
}

function eventsSeen(world: World, email: string): Record<string, unknown>[] {
  const reader = { prefer: parsePreferences(null), hidesPrivate: false, seesBodies: true, ownerAddress: email.toLowerCase() };
  return eventsOf(world, oidOf(world, email) ?? '').map((event) => renderEvent(wholeItem(event), reader));
}
