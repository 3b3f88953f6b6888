import type { DatabaseSync } from 'node:sqlite';
import { openCollection } from '../kit/database.ts';
import type { WhatsAppPerson } from './model.ts';

export const digitsOf = (phone: string): string => phone.replace(/\D/g, '');

/** Who is on WhatsApp, and by which of their two addresses. */
export interface People {
  list(): WhatsAppPerson[];
  /** @throws {TypeError} where nobody has that phone: a mistyped number in a test should not pass. */
  withPhone(phone: string): WhatsAppPerson;
  /** Whom a chat id means; undefined for a stranger. */
  of(chatId: string): WhatsAppPerson | undefined;
  /** The key a chat is kept under. */
  chatOf(chatId: string): string;
  /** Adds somebody, or gives a phone another lid or name, as a recycled number has. */
  set(person: WhatsAppPerson): void;
  /** WAHA does not know the phone behind this lid, nor the lid of this phone. */
  hideLid(phone: string): void;
  knowsLidOf(person: WhatsAppPerson): boolean;
}

export function createPeople(database: DatabaseSync, given: readonly WhatsAppPerson[]): People {
  const kept = openCollection<WhatsAppPerson>(database, 'people');
  const people = new Map([...given, ...kept.values()].map((person) => [digitsOf(person.phone), person]));
  const hidden = new Set<string>();

  const of = (chatId: string) => {
    const [user = '', server] = chatId.split('@');
    const digits = user.replace(/:\d+$/, '');
    return server === 'lid' ? [...people.values()].find(({ lid }) => lid === digits) : people.get(digits);
  };

  return {
    list: () => [...people.values()],
    withPhone(phone) {
      const person = people.get(digitsOf(phone));
      if (!person) throw new TypeError(`sandbox/waha: nobody on WhatsApp has the phone ${phone}`);
      return person;
    },
    of,
    chatOf(chatId) {
      const person = of(chatId);
      return person ? digitsOf(person.phone) : chatId;
    },
    set(person) {
      people.set(digitsOf(person.phone), person);
      kept.set(digitsOf(person.phone), person);
    },
    hideLid: (phone) => void hidden.add(digitsOf(phone)),
    knowsLidOf: (person) => !hidden.has(digitsOf(person.phone)),
  };
}

export const phoneChatId = (person: { phone: string }): string => `${digitsOf(person.phone)}@c.us`;
export const lidChatId = (person: { lid: string }): string => `${person.lid}@lid`;

/** Inside `_data` a phone is addressed otherwise than outside. */
export const jidOf = (chatId: string): string => chatId.replace('@c.us', '@s.whatsapp.net');

/** The chat id of a request, as WAHA completes it. */
export function completeChatId(chatId: string): string {
  if (!chatId.includes('@')) return `${digitsOf(chatId)}@c.us`;
  return chatId.replace('@s.whatsapp.net', '@c.us').replace(/:\d+(?=@)/, '');
}
