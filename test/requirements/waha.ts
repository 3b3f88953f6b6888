import type { Requirement } from '../requirements.ts';

export const wahaRequirements = {
  'waha:webhook-signed': 'A webhook carries the headers of a real WAHA and an HMAC-SHA512 over its raw body.',
  'waha:webhook-retries':
    'Every answer but 2xx is retried with the same body, ids and signature, per the configured policy; 429 honours Retry-After.',
  'waha:webhook-redirect': 'A redirect is followed, and counts as delivered: the trap is played.',
  'waha:duplicates': 'On demand a message comes twice, under new event ids, or as lid and phone twins.',
  'waha:send-text': 'sendText takes a pre-generated id, answers in the shape of its engine, and the message shows in the chat.',
  'waha:send-errors':
    'Error shapes are those of WAHA: 401, 422 after a wait when the session is down, 500 echoing the request, 404 or the engine’s own 500 for a message.',
  'waha:acks': 'A sent message is acknowledged by webhooks: server, device, read.',
  'waha:message-look-up': 'A message is found by its id, and the messages of a chat since a time are listed.',
  'waha:media': 'Media has a URL that needs the key and expires, and can be downloaded again by its message.',
  'waha:lids': 'The lid API tells the phone of a lid and the lid of a phone, null when unknown.',
  'waha:session': 'The session has states; its status is told and changes are sent by webhook.',
  'waha:contract': 'Its answers and webhooks satisfy the WAHA OpenAPI document.',
  'waha:faults': 'On demand it drops, hangs, refuses, or sends although it answers an error.',
} as const satisfies Record<string, Requirement>;
