import type { Conversation } from './conversation.ts';
import { emailsIn } from './language/email.ts';
import { readContacts, type Contacts } from './language/attendees.ts';
import type { Prompt } from './prompt.ts';

const question = /What is (.+?)(?:'s|') e-mail address\?/g;

/** The addresses known, of all the conversation or of what was said before one of its blocks. */
export function contactsOf({ blocks, texts }: Conversation, { text }: Prompt, until = blocks.length): Contacts {
  const known = blocks[until]?.textsBefore ?? texts.length;
  const contacts = new Map(readContacts([text, ...texts.slice(0, known)]));
  for (const { before, messages } of blocks.slice(0, until)) {
    // An address that answers our question belongs to whom we asked about, however it is spelt.
    const asked = [...before.matchAll(question)].map(([, name = '']) => name.toLowerCase());
    const given = emailsIn(messages.join('\n').toLowerCase());
    asked.forEach((name, index) => {
      const address = given[index];
      if (address !== undefined) contacts.set(name, address);
    });
  }
  return contacts;
}
