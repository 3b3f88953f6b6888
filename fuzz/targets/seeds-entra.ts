import { formOf, type Query } from '../mutate/address.ts';
import type { Seed } from './seeds.ts';

type Environment = Readonly<Record<string, string>>;

export function entraSeeds(environment: Environment): readonly Seed[] {
  const tenant = environment['ENTRA_TENANT_ID'] ?? '';
  const request = authorizationRequest(environment);
  const v2 = `/${tenant}/oauth2/v2.0`;
  const login: Query = [
    ['request', formOf(request)],
    ['account', 'ana@alderfinch.example'],
  ];
  return [
    { method: 'GET', path: `/${tenant}/v2.0/.well-known/openid-configuration` },
    { method: 'GET', path: `${v2}/authorize`, query: request },
    { method: 'POST', path: `${v2}/authorize`, form: request },
    { method: 'POST', path: `/${tenant}/login`, form: login },
    ...grants(environment).map((form) => ({ method: 'POST', path: `${v2}/token`, form })),
    { method: 'GET', path: `${v2}/logout`, query: [['post_logout_redirect_uri', 'http://127.0.0.1/']] },
    { method: 'GET', path: `/${tenant}/discovery/v2.0/keys` },
  ];
}

const redirectUri = (environment: Environment) => `${environment['PUBLIC_URL'] ?? ''}/api/sign-in/callback`;

function authorizationRequest(environment: Environment): Query {
  return Object.entries({
    ...{ client_id: environment['ENTRA_CLIENT_ID'] ?? '', redirect_uri: redirectUri(environment), response_type: 'code' },
    ...{ scope: 'openid profile offline_access User.Read', state: 'a-state', nonce: 'a-nonce', prompt: 'select_account' },
    ...{ code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
    claims: '{"access_token":{"xms_cc":{"values":["cp1"]}}}',
  });
}

function grants(environment: Environment): Query[] {
  const client_id = environment['ENTRA_CLIENT_ID'] ?? '';
  const client = { client_id, client_secret: environment['ENTRA_CLIENT_SECRET'] ?? '' };
  const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  const code = { code: '0.abc.def', redirect_uri: redirectUri(environment), code_verifier: 'v'.repeat(43), client_info: '1' };
  const assertion = 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln';
  return [
    { ...client, grant_type: 'authorization_code', ...code },
    { ...client, grant_type: 'refresh_token', refresh_token: '1.abc', scope: 'User.Read' },
    { ...client, grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' },
    {
      ...{ ...client, grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion, scope: 'User.Read' },
      requested_token_use: 'on_behalf_of',
    },
    { client_id, client_assertion_type: jwtBearer, client_assertion: assertion, grant_type: 'client_credentials' },
  ].map((form) => Object.entries(form));
}
