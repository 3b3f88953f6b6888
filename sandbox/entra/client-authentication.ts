import { timingSafeEqual } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import type { SandboxClock } from '../kit/clock.ts';
import { EntraError, missingParameter } from './errors.ts';
import type { EntraClient, FederatedCredential } from './options.ts';
import type { Tenant } from './tenant.ts';

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const exchangeAudience = 'api://AzureADTokenExchange';

/** The client that a token request proves to be, by secret (in the body or as Basic) or by a federated assertion. */
export async function authenticateClient(
  { tenant, clock }: { readonly tenant: Tenant; readonly clock: SandboxClock },
  form: URLSearchParams,
  authorization: string | null,
): Promise<EntraClient> {
  const basic = readBasic(authorization);
  const clientId = form.get('client_id') ?? basic?.clientId;
  if (clientId === undefined || clientId === '') throw missingParameter('client_id');
  const client = tenant.client(clientId);
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    if (form.get('client_assertion_type') !== jwtBearer) throw missingParameter('client_assertion_type');
    await checkAssertion(assertion, client, clock);
    return client;
  }
  checkSecret(form.get('client_secret') ?? basic?.secret, client);
  return client;
}

function readBasic(authorization: string | null): { clientId: string; secret: string } | undefined {
  if (authorization?.startsWith('Basic ') !== true) return undefined;
  const [clientId = '', secret = ''] = Buffer.from(authorization.slice(6), 'base64').toString('utf8').split(':');
  return { clientId: decodeURIComponent(clientId), secret: decodeURIComponent(secret) };
}

function checkSecret(secret: string | undefined, { clientId, clientSecret }: EntraClient): void {
  if (secret === undefined || secret === '') {
    throw new EntraError(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  const [given, wanted] = [Buffer.from(secret), Buffer.from(clientSecret)];
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  throw new EntraError(
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  );
}

/** Entra looks for the record by issuer, subject and audience first, and only then at the signature. */
async function checkAssertion(assertion: string, client: EntraClient, clock: SandboxClock): Promise<void> {
  const credential = findCredential(decodeAssertion(assertion), client.federatedCredentials ?? []);
  try {
    await jwtVerify(assertion, createLocalJWKSet({ keys: [...credential.keys] }), { currentDate: new Date(clock.now()) });
  } catch (error) {
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) {
      throw new EntraError(700024, 'Client assertion is not within its valid time range.');
    }
    throw new EntraError(700027, 'The client assertion failed signature validation.');
  }
}

function decodeAssertion(assertion: string): JWTPayload {
  try {
    return decodeJwt(assertion);
  } catch {
    throw new EntraError(50027, 'JWT token is invalid or malformed.');
  }
}

function findCredential({ iss, sub, aud }: JWTPayload, credentials: readonly FederatedCredential[]): FederatedCredential {
  const refused = (code: 700211 | 700212 | 700213, what: string, value: unknown) =>
    new EntraError(
      code,
      `No matching federated identity record found for presented assertion ${what} '${String(value)}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
    );
  const ofIssuer = credentials.filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) throw refused(700211, 'issuer', iss);
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) throw refused(700213, 'subject', sub);
  const found = ofSubject.find(({ audience = exchangeAudience }) => audience === aud);
  if (!found) throw refused(700212, 'audience', aud);
  return found;
}
