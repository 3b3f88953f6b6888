import type { Role } from '../../../shared/core/roles.ts';
import type { Outside } from './outside.ts';

export const ref = { workspace: 'acme', conversationId: 'acme:ana' };
export const chatId = '271828182845901@lid';
export const lid = '271828182845901';

/** Her account, linked to this chat. */
export async function linkAna({ ports, indexes }: Outside, role: Role): Promise<void> {
  const names = [indexes.lid(lid)];
  const profile = { name: 'Ana Ribeiro', email: 'ana@alderfinch.example', timeZone: 'Europe/Lisbon' };
  const sealed = (await ports.dataKeys.keyFor('acme:person-ana')).seal(profile, 'person');
  const { workspace, conversationId } = ref;
  const person = { id: 'acme:person-ana', workspace, role, homeAccountId: 'home', conversationId, names, linkedAt: 0, sealed };
  await ports.people.save(person);
  await ports.identities.claim({
    id: names[0] ?? '',
    workspace,
    kind: 'lid',
    conversationId,
    personId: person.id,
    createdAt: 0,
  });
}
