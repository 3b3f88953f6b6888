import type { PersonDocument, SignInDocument, TokenDocument } from '../../shared/ports/people.ts';

/** A person, their tokens and a sign-in under way, as the stores of people are tested with. */
export const person: PersonDocument = {
  id: 'p1',
  workspace: 'acme',
  role: 'staff',
  homeAccountId: 'h1',
  conversationId: 'acme:c1',
  linkedAt: 5,
  sealed: 'c2VhbGVk',
};

export const tokens: TokenDocument = { id: 'p1', personId: 'p1', workspace: 'acme', sealed: 'dA==', expired: false };

export const signIn: SignInDocument = {
  id: 's1',
  workspace: 'acme',
  conversationId: 'acme:c1',
  state: 'issued',
  expiresAt: 9,
  attempts: 0,
  turnId: 't1',
  issuedAt: 1,
  issued: [1],
  mailed: false,
  sealed: 'cw==',
  ttl: 900,
};
