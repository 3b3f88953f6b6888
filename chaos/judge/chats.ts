import { people } from '../../sandbox/seed/people.ts';
import type { World } from '../world.ts';
import type { Stored } from './cases.ts';
import type { Finding } from './verdicts.ts';

/** Each part of a reply stands on a phone, once and in its order; whatever was said on a phone is part of a reply. */
export function judgeChats({ sandbox, crowd }: World, documents: readonly Stored[]): Finding[] {
  const said = [...people, ...crowd].flatMap(({ phone }) => sandbox.waha.chat(phone).filter(({ fromMe }) => !fromMe));
  const places = new Map(said.map(({ id }, place) => [id, place]));
  const replies = documents.filter(({ type }) => type === 'reply');
  const recorded = new Set(replies.flatMap(({ parts = [] }) => parts.map(({ whatsappId }) => whatsappId)));
  return [
    ...replies.flatMap(({ id, conversationId, parts = [] }): Finding[] => {
      const shown = parts.map(({ whatsappId }) => places.get(whatsappId) ?? -1);
      const isWhole = shown.every((place, index) => place > (shown[index - 1] ?? -1));
      return isWhole ? [] : [{ verdict: 'incomplete', conversation: conversationId, tag: '', detail: `reply ${id}` }];
    }),
    ...said
      .filter(({ id }) => !recorded.has(id))
      .map(({ id }): Finding => ({ verdict: 'stray', conversation: '', tag: '', detail: `message ${id}` })),
  ];
}
