import { createSecretKey } from 'node:crypto';
import { blindIndex } from '../../core/ids.ts';

/** The names a person's chat or account is found by, as blind indexes of one workspace. */
export interface BlindIndexes {
  readonly workspace: string;
  lid(digits: string): string;
  phone(e164: string): string;
  account(tenantId: string, oid: string): string;
}

export function createBlindIndexes(key: Uint8Array, workspace: string): BlindIndexes {
  const secret = createSecretKey(key);
  const index = (...parts: readonly string[]) => `${workspace}:${blindIndex(secret, workspace, ...parts)}`;
  return {
    workspace,
    lid: (digits) => index('lid', digits),
    phone: (e164) => index('phone', e164),
    account: (tenantId, oid) => index('account', tenantId, oid),
  };
}
