import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { organisation } from '../../sandbox/seed/organisation.ts';

/** An MCP client that the organisation registered: it signs its person in through a browser. */
export interface SigningIn extends OAuthClientProvider {
  /** Where it sent the browser. */
  sentTo(): URL;
}

export function createSignIn(redirectUrl: string): SigningIn {
  let [verifier, saved, sent]: [string, OAuthTokens | undefined, URL | undefined] = ['', undefined, undefined];
  const { clientId, clientSecret } = organisation;
  return {
    redirectUrl,
    clientMetadata: { redirect_uris: [redirectUrl], client_name: 'A client of the organisation' },
    clientInformation: () => ({ client_id: clientId, client_secret: clientSecret }),
    tokens: () => saved,
    saveTokens(tokens) {
      saved = tokens;
    },
    redirectToAuthorization(url) {
      sent = url;
    },
    saveCodeVerifier(codeVerifier) {
      verifier = codeVerifier;
    },
    codeVerifier: () => verifier,
    sentTo() {
      if (sent) return sent;
      throw new Error('Nobody was sent to sign in');
    },
  };
}
