import { issuerOf } from '../adapters/entra/access-tokens.ts';
import type { Settings } from '../config/config.ts';
import { AppError } from '../core/errors.ts';

/** The one permission that the application's own API offers its callers. */
export const mcpScope = 'access_as_user';

type Needs = Pick<Settings, 'ENTRA_AUTHORITY_URL' | 'ENTRA_CLIENT_ID' | 'ENTRA_TENANT_ID' | 'ORGANISATION_NAME' | 'PUBLIC_URL'>;

/** Where a client learns how to get a token: below the Functions route prefix, so the challenge has to say so. */
const metadataPath = '/api/.well-known/oauth-protected-resource';

function addressOf({ PUBLIC_URL: url }: Needs, path: string): string {
  return `${url.replace(/\/$/, '')}${path}`;
}

/** What the server says of itself as a protected resource (RFC 9728). */
export function resourceMetadata(settings: Needs) {
  return {
    resource: addressOf(settings, '/api/mcp'),
    resource_name: `Adjutant of ${settings.ORGANISATION_NAME}`,
    authorization_servers: [issuerOf({ authorityUrl: settings.ENTRA_AUTHORITY_URL, tenantId: settings.ENTRA_TENANT_ID })],
    scopes_supported: [scopeOf(settings)],
    bearer_methods_supported: ['header'],
  };
}

/** The `WWW-Authenticate` of a refusal (RFC 6750, and `resource_metadata` of RFC 9728). */
export function challenge(
  settings: Needs,
  error?: { code: 'invalid_token' | 'insufficient_scope'; description: string },
): string {
  const parts = {
    ...(error && { error: error.code, error_description: error.description }),
    resource_metadata: addressOf(settings, metadataPath),
    scope: scopeOf(settings),
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

function scopeOf({ ENTRA_CLIENT_ID: clientId }: Needs): string {
  return `api://${clientId}/${mcpScope}`;
}
