import type { DocumentedVendor } from './exchanges.ts';

/** What our adapters ask of each vendor, in the words of its document. Another one is to be added here. */
export const adapterOperations: Readonly<Record<DocumentedVendor, readonly string[]>> = {
  waha: [
    'POST /api/sendText',
    'POST /api/sendSeen',
    'POST /api/startTyping',
    'POST /api/stopTyping',
    'GET /api/{session}/chats/{chatId}/messages',
    'GET /api/{session}/chats/{chatId}/messages/{messageId}',
    'GET /api/{session}/lids/{lid}',
    'GET /api/{session}/lids/pn/{phoneNumber}',
    'GET /api/server/version',
    'GET /api/sessions/{session}',
  ],
  msgraph: ['GET /me', 'GET /me/mailboxSettings', 'GET /users', 'GET /me/calendarView', 'POST /me/events', 'POST /me/sendMail'],
  openai: ['POST /responses'],
};
