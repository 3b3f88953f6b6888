import type { Requirement } from '../requirements.ts';

export const entraRequirements = {
  'entra:code-flow': { planned: 'The unmodified msal-node signs a person in by code and PKCE, with state and nonce.' },
  'entra:page': { planned: 'The authorisation endpoint shows a page to choose a person.' },
  'entra:refresh': { planned: 'A refresh token gives new tokens; a revoked grant answers invalid_grant.' },
  'entra:client-credentials': { planned: 'Client credentials give an application token.' },
  'entra:on-behalf-of': { planned: "On-behalf-of exchanges a caller's token for one to Microsoft Graph." },
  'entra:metadata': { planned: 'OpenID metadata and keys let anyone verify its tokens.' },
  'entra:roles': { planned: 'App-role assignments stand in the id token.' },
  'entra:strict': { planned: 'A wrong redirect URI, secret, verifier or used code is refused in the words of Entra.' },
} as const satisfies Record<string, Requirement>;
