import { newCore } from '../calendar/ids.ts';
import { findPerson } from '../access.ts';
import type { SeedPerson } from '../../seed/people.ts';
import type { World } from '../routes.ts';
import type { Mailbox, StoredMessage } from './model.ts';

export interface Letter {
  readonly subject: string;
  readonly body: StoredMessage['body'];
  readonly to: readonly Mailbox[];
  readonly cc?: readonly Mailbox[];
  readonly bcc?: readonly Mailbox[];
  readonly importance?: string;
  readonly keepsCopy?: boolean;
}

/** Lays a letter into the inbox of every recipient here; who is elsewhere gets nothing, and nobody is told. */
export function deliver(world: World, sender: SeedPerson, letter: Letter): void {
  const { subject, body, to, cc = [], bcc = [], importance = 'normal' } = letter;
  const put = (mailbox: SeedPerson, folder: StoredMessage['folder']) => {
    const id = `AAMkADAz${newCore()}AAA=`;
    const from = { name: sender.name, address: sender.email };
    const receivedAt = world.context.clock.now();
    world.store.messages.set(id, { id, mailbox: mailbox.oid, folder, subject, body, from, to, cc, importance, receivedAt });
  };
  if (letter.keepsCopy) put(sender, 'sentitems');
  const recipients = [...to, ...cc, ...bcc].flatMap(({ address }) => findPerson(world.people, address) ?? []);
  for (const recipient of new Set(recipients)) put(recipient, 'inbox');
}
