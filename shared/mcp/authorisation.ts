import { AppError } from '../core/errors.ts';

/** The one permission that the application's own API offers its callers. */
export const mcpScope = 'access_as_user';

/** What the server is to who wants a token for it; wiring fills it. */
export interface ProtectedResource {
  /** Where people reach the application. */
  readonly publicUrl: string;
  readonly organisation: string;
  /** Of the app registration that tokens are for. */
  readonly clientId: string;
  /** Who gives the tokens, by the name that stands in them. */
  readonly issuer: string;
}

/** Where a client learns how to get a token: below the Functions route prefix, so the challenge has to say so. */
const metadataPath = '/api/.well-known/oauth-protected-resource';

function addressOf({ publicUrl }: ProtectedResource, path: string): string {
  return `${publicUrl.replace(/\/$/, '')}${path}`;
}

/** What the server says of itself as a protected resource (RFC 9728). */
export function resourceMetadata(resource: ProtectedResource) {
  return {
    resource: addressOf(resource, '/api/mcp'),
    resource_name: `Adjutant of ${resource.organisation}`,
    authorization_servers: [resource.issuer],
    scopes_supported: [scopeOf(resource)],
    bearer_methods_supported: ['header'],
  };
}

/** The `WWW-Authenticate` of a refusal (RFC 6750, `resource_metadata` of RFC 9728, and Entra's `claims`). */
export function challenge(
  resource: ProtectedResource,
  error?: {
    code: 'invalid_token' | 'insufficient_scope' | 'insufficient_claims';
    description: string;
    /** What a new token has to prove, as JSON; Entra takes it from the client as it is. */
    claims?: string;
  },
): string {
  const parts = {
    ...(error && { error: error.code, error_description: error.description }),
    ...(error?.claims === undefined ? {} : { claims: Buffer.from(error.claims).toString('base64') }),
    resource_metadata: addressOf(resource, metadataPath),
    scope: scopeOf(resource),
  };
  return `Bearer ${Object.entries(parts)
    .map(([name, value]) => `${name}="${value.replaceAll(/["\\]/g, '')}"`)
    .join(', ')}`;
}

/** The bearer token of a request. @throws {AppError} `unauthorized` where there is none. */
export function bearerToken(authorization: string | null): string {
  const [, token] = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization ?? '') ?? [];
  if (token !== undefined) return token;
  throw new AppError('unauthorized', 'The request brings no access token');
}

function scopeOf({ clientId }: ProtectedResource): string {
  return `api://${clientId}/${mcpScope}`;
}
