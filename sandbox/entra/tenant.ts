import { EntraError } from './errors.ts';
import type { EntraClient, EntraOptions } from './options.ts';

/** Somebody who can type an address into the page. */
export interface Account {
  readonly oid: string;
  readonly name: string;
  readonly email: string;
  /** What they sign in with. */
  readonly userPrincipalName: string;
  readonly phone: string | undefined;
  readonly appRole: string | undefined;
  /** Members belong here, a guest was invited, a stranger was not. */
  readonly kind: 'member' | 'guest' | 'stranger';
  /** The account in its own tenant: MSAL's home account id is made of it, also for a guest. */
  readonly home: { readonly oid: string; readonly tenantId: string };
}

export interface Tenant {
  readonly tenantId: string;
  readonly accounts: readonly Account[];
  readonly clients: readonly EntraClient[];
  issuer(): string;
  url(path: string): string;
  accountBySignInName(name: string): Account | undefined;
  accountByOid(oid: string): Account | undefined;
  /** @throws {EntraError} 700016 for an application the tenant does not have. */
  client(clientId: string): EntraClient;
  /** @throws {EntraError} 90002 or 50194 for any other tenant in the path. */
  assertTenant(inPath: string): void;
}

const elsewhere = '00000000-0000-4000-8000-0000000000e0';
const fromElsewhere = { phone: undefined, appRole: undefined } as const;
const outsiders: readonly Account[] = [
  {
    oid: '00000000-0000-4000-8000-0000000000e1',
    name: 'Grace Guest',
    email: 'guest@elsewhere.example',
    userPrincipalName: 'guest@elsewhere.example',
    kind: 'guest',
    home: { oid: '00000000-0000-4000-8000-0000000000f1', tenantId: elsewhere },
    ...fromElsewhere,
  },
  {
    oid: '00000000-0000-4000-8000-0000000000f2',
    name: 'Sam Stranger',
    email: 'stranger@elsewhere.example',
    userPrincipalName: 'stranger@elsewhere.example',
    kind: 'stranger',
    home: { oid: '00000000-0000-4000-8000-0000000000f2', tenantId: elsewhere },
    ...fromElsewhere,
  },
];

export function createTenant({ tenantId, people, clients, baseUrl }: EntraOptions): Tenant {
  const members = people.map(({ oid, name, email, userPrincipalName = email, phone, appRole }): Account => {
    return { oid, name, email, userPrincipalName, phone, appRole, kind: 'member', home: { oid, tenantId } };
  });
  const accounts = [...members, ...outsiders];
  const url = (path: string) => `${typeof baseUrl === 'string' ? baseUrl : baseUrl()}/${tenantId}${path}`;
  return {
    tenantId,
    accounts,
    clients,
    issuer: () => url('/v2.0'),
    url,
    accountBySignInName: (name) => accounts.find(({ userPrincipalName }) => userPrincipalName === name.trim().toLowerCase()),
    accountByOid: (oid) => accounts.find((account) => account.oid === oid),
    client(clientId) {
      const found = clients.find((client) => client.clientId === clientId);
      if (found) return found;
      throw new EntraError(
        700016,
        `Application with identifier '${clientId}' was not found in the directory '${tenantId}'. This can happen if the application has not been installed by the administrator of the tenant.`,
      );
    },
    assertTenant(inPath) {
      if (inPath.toLowerCase() === tenantId) return;
      if (['common', 'organizations', 'consumers'].includes(inPath)) {
        throw new EntraError(
          50194,
          `The application is not configured as a multi-tenant application. Usage of the /${inPath} endpoint is not supported. Use a tenant-specific endpoint or configure the application to be multi-tenant.`,
        );
      }
      throw new EntraError(
        90002,
        `Tenant '${inPath}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
      );
    },
  };
}

/** The roles of the application that this account is assigned. */
export function assignedRoles(client: EntraClient, account: Account): string[] {
  return client.appRoles.filter((role) => role === account.appRole);
}
