import type { SandboxContext } from '../kit/context.ts';
import { openDatabase } from '../kit/database.ts';
import type { HttpVendor } from '../kit/http.ts';
import type { DatabaseSync } from 'node:sqlite';
import { createAccountActions } from './account-actions.ts';
import { createSending } from './account-send.ts';
import { createAcks, type Acks } from './acks.ts';
import { environment, reachoutTimelock } from './envelope.ts';
import { error463Body, exceptionBody, refusal, statusBody, unauthorized } from './errors.ts';
import { createEvents, type EmittedEvent } from './events.ts';
import { createIncoming, type Incoming, type IncomingMessage } from './incoming.ts';
import type { Internals } from './internals.ts';
import { createMediaFiles } from './media.ts';
import type { SessionStatus, WahaChange, WhatsAppPerson } from './model.ts';
import { isAtLeast, withDefaults, type Settings, type WahaOptions } from './options.ts';
import { createPeople, digitsOf } from './people.ts';
import { createPersonSide, type PersonSide } from './person-side.ts';
import { createPhones } from './phones.ts';
import { createRest } from './rest/app.ts';
import { createSession } from './session.ts';
import { createStore } from './store.ts';
import { createTasks } from './tasks.ts';
import type { WebhookDelivery } from './webhook/delivery.ts';
import { createWebhookSender, type WebhookSender } from './webhook/sender.ts';

export type { WahaOptions } from './options.ts';
export type { WahaChange, WhatsAppPerson } from './model.ts';
export { error463Body } from './errors.ts';
export type { IncomingMessage } from './incoming.ts';
export type { ChatMessage } from './person-side.ts';
export type { WebhookDelivery } from './webhook/delivery.ts';

export interface Waha extends PersonSide {
  readonly vendor: HttpVendor;
  /** Somebody types it on their phone. */
  receive(message: IncomingMessage): { id: string };
  /** Somebody writes on the account's own phone: told as `message.any` only, with the source `app`. */
  writeOnPhone(toPhone: string, text: string): { id: string };
  /** Whether the phone shows that the assistant is typing. */
  typing(phone: string): boolean;
  /** A webhook open or due within a second, an ack on its way, or a request being answered. */
  busy(): boolean;
  /** The last 2,000, oldest first. */
  deliveries(): WebhookDelivery[];
  listen(listener: (change: WahaChange) => void): () => void;
  status(): SessionStatus;
  setSessionStatus(status: SessionStatus): void;
  /** A phone goes off the net, or its owner no longer opens the chat: acks stop at 1 or 2. */
  setPhone(phone: string, state: { online?: boolean; reading?: boolean }): void;
  /** Somebody new on WhatsApp, or a phone with another lid. */
  setPerson(person: WhatsAppPerson): void;
  /** The lid API answers null for this person from now on. */
  hideLid(phone: string): void;
  /** Error 463 for every chat that has no message yet. */
  restrict(restricted: boolean): void;
  /** Any other event, as a group's message: signed and repeated like the rest. */
  emit(event: string, payload: unknown): { id: string };
  close(): Promise<void>;
}

/** WAHA with its WhatsApp: one account, and the phones of the people who write to it. */
export function createWaha(context: SandboxContext, options: WahaOptions): Waha {
  const settings = withDefaults(options);
  const database = openDatabase(context, 'waha');
  const listeners = new Set<(change: WahaChange) => void>();
  const { internals, sender } = createInternals(context, settings, {
    database,
    changed: (change) => listeners.forEach((listener) => listener(change)),
  });
  const { tasks, session, phones, events } = internals;
  const acks = createAcks(internals);
  const incoming = createIncoming(internals);
  const account = { ...createSending(internals, acks), ...createAccountActions(internals) };
  const { vendor, open } = countOpen(createVendor(context, settings, createRest({ ...internals, account }).fetch));
  watchSession(internals, incoming);
  resume(internals, { acks, incoming });

  return {
    vendor,
    receive: incoming.receive,
    writeOnPhone: account.writeOnPhone,
    ...createPersonSide(internals),
    typing: (phone) => phones.typing(digitsOf(phone)),
    busy: () => open() > 0 || sender.open() || tasks.dueWithin(1_000),
    deliveries: sender.deliveries,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    status: session.status,
    setSessionStatus: session.set,
    setPhone(phone, state) {
      phones.set(digitsOf(phone), state);
      for (const message of internals.store.ofChat(digitsOf(phone))) if (message.fromMe) acks.proceed(message);
    },
    setPerson: internals.people.set,
    hideLid: internals.people.hideLid,
    restrict(restricted) {
      account.restrict(restricted);
      events.emit(statusEvent(internals, { reachoutTimelock: reachoutTimelock(restricted) }));
    },
    emit: (event, payload) => events.emit({ event, payload }),
    close() {
      tasks.stop();
      sender.close();
      internals.store.close();
      database.close();
      return Promise.resolve();
    },
  };
}

function createInternals(
  context: SandboxContext,
  settings: Settings,
  parts: { database: DatabaseSync; changed: (change: WahaChange) => void },
): { internals: Internals; sender: WebhookSender } {
  const { database, changed } = parts;
  const tasks = createTasks(context.clock);
  const session = createSession(context, settings, tasks);
  const sender = createWebhookSender(context, settings, tasks);
  const internals = {
    ...{ context, settings, tasks, session, changed },
    people: createPeople(database, settings.people),
    store: createStore(database),
    media: createMediaFiles(context, settings),
    events: createEvents(context, settings, { sender, me: session.me }),
    phones: createPhones({ tasks, typingMs: settings.typingMs, changed }),
  };
  return { internals, sender };
}

function watchSession(internals: Internals, incoming: Incoming): void {
  internals.session.listen((status) => {
    internals.events.emit(statusEvent(internals, null));
    if (status === 'WORKING') incoming.handOver();
  });
}

function statusEvent({ settings, session }: Internals, data: unknown): EmittedEvent {
  const payload = {
    name: settings.wahaSession,
    status: session.status(),
    statuses: session.statuses(),
    ...(isAtLeast(settings.version, '2026.7.1') ? { data } : {}),
  };
  return { event: 'session.status', payload };
}

/** After a restart WhatsApp goes on: acks proceed, and what was kept for the session comes. */
function resume({ store, tasks }: Internals, { acks, incoming }: { acks: Acks; incoming: Incoming }): void {
  for (const message of store.all()) if (message.fromMe) acks.proceed(message);
  if (store.all().some(({ awaitsSession }) => awaitsSession)) tasks.after(0, incoming.handOver);
}

function createVendor(context: SandboxContext, settings: Settings, fetch: HttpVendor['fetch']): HttpVendor {
  const request = { path: '', method: '', body: {}, query: {} };
  const errorBody = (status: number) => {
    if (status === 401) return unauthorized;
    if (status === 463) return error463Body;
    if (status === 422) return statusBody(settings.wahaSession, 'FAILED', ['WORKING']);
    if (status < 500) return refusal(status, `fault ${status}`).body;
    const about = { at: context.clock.now(), version: environment(settings) };
    return exceptionBody(new Error(`fault ${status}`), request, about);
  };
  return { vendor: 'waha', fetch, errorBody };
}

function countOpen(vendor: HttpVendor): { vendor: HttpVendor; open: () => number } {
  let open = 0;
  const fetch: HttpVendor['fetch'] = async (request) => {
    open += 1;
    try {
      return await vendor.fetch(request);
    } finally {
      open -= 1;
    }
  };
  return { vendor: { ...vendor, fetch }, open: () => open };
}
