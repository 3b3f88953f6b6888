import {
  actionAnswer,
  editContent,
  editedPayload,
  reactionContent,
  reactionPayload,
  revokeContent,
  revokedPayload,
} from './engine/actions.ts';
import { newDeviceMessageId } from './ids.ts';
import { newMessage, phoneOf, type Internals } from './internals.ts';
import type { StoredMessage } from './model.ts';

type Json = Record<string, unknown>;

/** What the account does to messages; each answers what its engine answers. */
export interface AccountActions {
  edit(target: StoredMessage, text: string): Json;
  revoke(target: StoredMessage): Json;
  react(target: StoredMessage, text: string): Json;
}

export function createAccountActions(internals: Internals): AccountActions {
  const { store, events, changed } = internals;
  const act = (target: StoredMessage) => ({
    target,
    message: newMessage(internals, { id: newDeviceMessageId(), chatId: target.chatId, fromMe: true }),
  });
  return {
    edit(target, text) {
      const action = act(target);
      target.text = text;
      store.save(target);
      events.emit({ event: 'message.edited', payload: editedPayload(internals, action, text), messageId: target.id });
      changed({ kind: 'edit', phone: phoneOf(target.chat), id: target.id, ack: target.ack });
      return actionAnswer(internals, action, editContent(internals, action, text));
    },
    revoke(target) {
      const action = act(target);
      target.deleted = true;
      store.save(target);
      events.emit({ event: 'message.revoked', payload: revokedPayload(internals, action), messageId: target.id });
      changed({ kind: 'delete', phone: phoneOf(target.chat), id: target.id, ack: target.ack });
      return actionAnswer(internals, action, revokeContent(internals, action));
    },
    react(target, text) {
      const action = act(target);
      events.emit({ event: 'message.reaction', payload: reactionPayload(internals, action, text), messageId: target.id });
      return actionAnswer(internals, action, reactionContent(internals, action, text));
    },
  };
}
