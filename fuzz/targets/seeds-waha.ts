import type { Seed } from './seeds.ts';

const session = 'default';
const chatId = '271828182845901@lid';

export const wahaSeeds: readonly Seed[] = [
  {
    method: 'POST',
    path: '/api/sendText',
    json: { session, chatId, text: 'Good morning', id: '3EB0AAAAAAAAAAAAAAAAAA', reply_to: null, linkPreview: false },
  },
  {
    method: 'POST',
    path: '/api/sendFile',
    json: { session, chatId, caption: 'A file', file: { mimetype: 'text/plain', filename: 'a.txt', data: 'YQ==' } },
  },
  { method: 'POST', path: '/api/sendSeen', json: { session, chatId, messageIds: ['false_271828182845901@lid_3EB0AA'] } },
  { method: 'PUT', path: '/api/reaction', json: { session, messageId: 'false_271828182845901@lid_3EB0AA', reaction: '👍' } },
  { method: 'POST', path: '/api/startTyping', json: { session, chatId } },
  { method: 'POST', path: '/api/default/presence', json: { chatId, presence: 'typing' } },
  {
    method: 'GET',
    path: '/api/default/chats',
    query: [
      ['limit', '10'],
      ['offset', '0'],
      ['sortBy', 'id'],
      ['sortOrder', 'desc'],
    ],
  },
  {
    method: 'GET',
    path: '/api/default/chats/overview',
    query: [
      ['limit', '10'],
      ['ids', chatId],
    ],
  },
  {
    method: 'GET',
    path: `/api/default/chats/${chatId}/messages`,
    query: [
      ['limit', '20'],
      ['offset', '0'],
      ['downloadMedia', 'false'],
      ['filter.timestamp.gte', '1795221875'],
      ['filter.fromMe', 'false'],
      ['filter.ack', '1'],
    ],
  },
  {
    method: 'GET',
    path: `/api/default/chats/all/messages`,
    query: [
      ['limit', '20'],
      ['merge', 'true'],
    ],
  },
  { method: 'GET', path: `/api/default/chats/${chatId}/messages/true_${chatId}_3EB0AA`, query: [['downloadMedia', 'true']] },
  { method: 'PUT', path: `/api/default/chats/${chatId}/messages/true_${chatId}_3EB0AA`, json: { text: 'other' } },
  { method: 'DELETE', path: `/api/default/chats/${chatId}/messages/true_${chatId}_3EB0AA` },
  { method: 'POST', path: `/api/default/chats/${chatId}/messages/read`, json: {} },
  {
    method: 'GET',
    path: '/api/contacts/check-exists',
    query: [
      ['session', session],
      ['phone', '15550100001'],
    ],
  },
  {
    method: 'GET',
    path: '/api/default/lids',
    query: [
      ['limit', '5'],
      ['offset', '0'],
    ],
  },
  { method: 'GET', path: '/api/default/lids/271828182845901' },
  { method: 'GET', path: '/api/default/lids/pn/15550100001' },
  { method: 'GET', path: '/api/sessions', query: [['all', 'true']] },
  { method: 'GET', path: '/api/sessions/default' },
  { method: 'GET', path: '/api/files/default/a.jpg' },
  { method: 'GET', path: '/api/server/version' },
];
