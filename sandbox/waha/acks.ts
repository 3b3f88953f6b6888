import { ackPayload } from './engine/payloads.ts';
import { phoneOf, type Internals } from './internals.ts';
import type { Ack, StoredMessage } from './model.ts';

export interface Acks {
  /** Takes a message of the account on from where it is: to the server, to the phone, until it is read. */
  proceed(message: StoredMessage): void;
}

export function createAcks(internals: Internals): Acks {
  const { store, events, tasks, phones, people, settings, changed } = internals;

  const setAck = (message: StoredMessage, ack: Ack) => {
    if (message.ack >= ack) return;
    message.ack = ack;
    if (ack >= 2) message.shown = true;
    store.save(message);
    events.emit({ event: 'message.ack', payload: ackPayload(internals, message, ack), messageId: message.id });
    changed({ kind: 'ack', phone: phoneOf(message.chat), id: message.id, ack });
  };

  /** The next state, where the phone lets it come about. */
  const next = (message: StoredMessage): { ack: Ack; delayMs: number } | undefined => {
    const { server, device, read } = settings.ackDelaysMs;
    const phone = phones.state(message.chat);
    const onWhatsApp = people.of(message.chatId) !== undefined;
    if (message.ack === 0) return { ack: 1, delayMs: server };
    if (message.ack === 1 && onWhatsApp && phone.online) return { ack: 2, delayMs: device };
    if (message.ack === 2 && phone.online && phone.reading) return { ack: 3, delayMs: read };
    return undefined;
  };

  const underWay = new Set<StoredMessage>();
  const proceed = (message: StoredMessage) => {
    const step = next(message);
    if (!step || underWay.has(message)) return;
    underWay.add(message);
    tasks.after(step.delayMs, () => {
      underWay.delete(message);
      // The phone may have gone meanwhile.
      if (next(message)?.ack === step.ack) setAck(message, step.ack);
      if (message.ack === step.ack) proceed(message);
    });
  };

  return { proceed };
}
