import type { Requirement } from '../requirements.ts';

export const privacyRequirements = {
  'privacy:nothing-left':
    'After an erasure nothing that was stored of the person can be found or read: what is left are tombstones by ids alone.',
  'privacy:former-chats':
    'Who moved to another chat erases with it what they said in those before, but not what somebody else uses by now.',
  'privacy:old-refused':
    'What WhatsApp dates before an erasure is refused and recorded, however it comes and whoever remembers what.',
  'privacy:newer-waits': 'What is newer waits until the erasure is done, and then begins a new conversation.',
  'privacy:anew': 'Who was erased may sign in again, as somebody new.',
  'privacy:checkpoints': 'The checkpoints of an erased conversation cannot be opened, and are deleted within a day.',
  'journey:erasure': 'Dmitri erases everything, is a stranger when he writes again, and signs in anew.',
} as const satisfies Record<string, Requirement>;
