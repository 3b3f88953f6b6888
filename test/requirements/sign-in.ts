import type { Requirement } from '../requirements.ts';

export const signInRequirements = {
  'sign-in:link': 'An unknown number gets a friendly message with a one-time link of 15 minutes.',
  'sign-in:preview-harmless': 'Opening the link changes nothing; confirming is a POST bound to a cookie.',
  'sign-in:masked': 'The page shows the masked number and asks for a confirmation.',
  'sign-in:code-in-chat':
    'The six-digit code sent in the chat that asked links the person; then the chat says who is linked and a mail says so.',
  'sign-in:own-mailbox': "The mail that tells of a linked chat goes to the account's own mailbox, whatever name it signs in by.",
  'sign-in:forwarded-link': 'A link used by somebody else links nobody.',
  'sign-in:domains': 'An account outside the allowed e-mail domains or the tenant is refused in plain words.',
  'sign-in:roles': 'Roles come from Entra app roles: Admin, Staff, else user.',
  'sign-in:cache-encrypted': 'The token cache is kept encrypted per person and refreshed silently.',
  'sign-in:expired-grant': 'An expired grant leads to a new link, never to silence or a stack trace.',
  'sign-in:one-grant': 'Who is replaced in a chat by somebody else keeps no grant in store.',
  'sign-in:single-use': 'A link or code is used once and expires.',
  'sign-in:roles-current':
    'Whoever is more than a user has the role that Entra gives them, an hour old at most; without a grant they are a user.',
} as const satisfies Record<string, Requirement>;
