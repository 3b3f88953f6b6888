import type { Requirement } from '../requirements.ts';

export const entraRequirements = {
  'entra:code-flow': 'The unmodified msal-node signs a person in by code and PKCE, with state and nonce.',
  'entra:page': 'The authorisation endpoint shows a page to choose a person.',
  'entra:refresh': 'A refresh token gives new tokens; a revoked grant answers invalid_grant.',
  'entra:client-credentials': 'Client credentials give an application token.',
  'entra:federated': 'A federated assertion stands in for the secret, or is refused for what is wrong with it.',
  'entra:on-behalf-of': "On-behalf-of exchanges a caller's token for one to Microsoft Graph.",
  'entra:metadata': 'OpenID metadata and keys let anyone verify its tokens.',
  'entra:roles': 'App-role assignments stand in the id token.',
  'entra:consent': 'A scope that nobody consented to, or that does not exist, is refused.',
  'entra:guest': 'An invited guest signs in with an address from elsewhere; a stranger is refused by Entra.',
  'entra:restart': 'Codes, refresh tokens and the signing key survive a restart.',
  'entra:strict': 'A wrong redirect URI, secret, verifier or used code is refused in the words of Entra.',
  'authority:sign-in': 'The adapter signs a person in by code, PKCE and nonce, and tells who it was and their app roles.',
  'authority:refuses': 'A used or old code is gone; a wrong verifier, nonce or tenant is unauthorized.',
  'authority:tokens': 'A token comes from the cache while it lasts and is refreshed silently; a changed cache is handed back.',
  'authority:apart': 'No token of one person ever reaches the cache of another.',
  'authority:expired-grant': 'A grant that only the person can renew is told as sign-in-required, whatever form it takes.',
  'authority:failures': 'Throttling, silence and outages of Entra are told apart and do not outlast themselves.',
  'authority:scopes': 'Of Microsoft Graph exactly those rights are asked for that something done here needs.',
  'authority:managed-identity': "A managed identity's token stands in for the client secret.",
} as const satisfies Record<string, Requirement>;
