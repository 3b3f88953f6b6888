import type { JWK } from 'jose';
import type { HttpVendor } from '../kit/http.ts';
import type { SeedPerson } from '../seed/people.ts';

/** A trust in somebody else's tokens instead of a secret, as a managed identity gives them. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  /** `api://AzureADTokenExchange` unless it says otherwise. */
  readonly audience?: string;
  /** The issuer's public keys; the assertion's `kid` names one. */
  readonly keys: readonly JWK[];
}

/** An app registration, with what its tenant's admin granted it. */
export interface EntraClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Compared character by character. */
  readonly redirectUris: readonly string[] | (() => readonly string[]);
  /** The roles the application defines; a person's assignment counts only where it is one of them. */
  readonly appRoles: readonly string[];
  readonly name?: string;
  /** The delegated scopes the application itself offers; `access_as_user` unless it says otherwise. */
  readonly scopes?: readonly string[];
  /** The application permissions to Microsoft Graph that an admin consented to; none unless it says otherwise. */
  readonly applicationPermissions?: readonly string[];
  readonly federatedCredentials?: readonly FederatedCredential[];
}

export interface EntraOptions {
  readonly tenantId: string;
  readonly people: readonly SeedPerson[];
  readonly clients: readonly EntraClient[];
  /** Where the stand-in is reached, its mount included: `http://127.0.0.1:7080/login`. */
  readonly baseUrl: string | (() => string);
  readonly accessTokenLifetimeSeconds?: number;
}

/** Whom a token is for: Microsoft Graph, or an application of the organisation. */
export type Audience = 'msgraph' | 'app';

export interface VerifiedToken {
  /** Absent in a token of the application itself. */
  readonly oid?: string;
  readonly scopes: string[];
  readonly roles: string[];
  readonly clientId: string;
}

export interface Entra {
  readonly vendor: HttpVendor;
  /** What a token says, if this tenant signed it for that audience and it has not expired. */
  verify(token: string, audience: Audience): Promise<VerifiedToken | undefined>;
  /** An access token of a person with all that was consented to, as if they had signed in to the first client. */
  issueToken(request: { readonly phoneOrEmail: string; readonly audience: Audience }): Promise<string>;
  /** Revokes the sessions of a person: every refresh token given so far answers `invalid_grant`. */
  revoke(userPrincipalName: string): void;
  /** Whether a request is being answered. */
  busy(): boolean;
}
