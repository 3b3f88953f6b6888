import { createHash } from 'node:crypto';
import { within } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import type { AccessTokens } from '../../ports/access-tokens.ts';
import type { Clock } from '../../ports/clock.ts';
import { delegatedScopes } from './authority.ts';
import { createEntraClient, type EntraAuthorityOptions } from './client.ts';
import { translateAcquireError } from './translate-error.ts';

// As long before its end as a call may take.
const marginMs = 5 * 60_000;
const maxKept = 1_000;

interface Kept {
  readonly accessToken: string;
  readonly expiresAtMs: number;
}

/**
 * Tokens for Microsoft Graph on behalf of whoever holds a token for us. What is kept is found by a hash of the whole token
 * that was brought: nobody gets what another's was exchanged for.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
export function createOnBehalfOf(
  options: EntraAuthorityOptions & { readonly clock: Clock },
): Pick<AccessTokens, 'exchange' | 'forget'> {
  const kept = new Map<string, Kept>();
  const underWay = new Map<string, Promise<string>>();
  const keep = (id: string, exchanged: Kept) => {
    kept.delete(id);
    kept.set(id, exchanged);
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    return exchanged.accessToken;
  };
  const exchangeOnce = (token: string, signal: AbortSignal | undefined): Promise<string> => {
    const id = idOf(token);
    const known = kept.get(id);
    if (known && known.expiresAtMs - options.clock.now() > marginMs) return Promise.resolve(known.accessToken);
    // One exchange for all that wait, under none of their signals.
    const running =
      underWay.get(id) ??
      exchange(options, token)
        .then((exchanged) => keep(id, exchanged))
        .finally(() => underWay.delete(id));
    underWay.set(id, running);
    return within(running, signal);
  };
  return {
    exchange: exchangeOnce,
    forget: (token) => void kept.delete(idOf(token)),
  };
}

function idOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

async function exchange(options: EntraAuthorityOptions, oboAssertion: string): Promise<Kept> {
  const client = createEntraClient(options, {});
  const request = { oboAssertion, scopes: [...(options.scopes ?? delegatedScopes)] };
  const result = await client.run(() => client.application.acquireTokenOnBehalfOf(request), translateAcquireError);
  if (!result) throw new AppError('upstream', 'Entra gave no token on behalf of the caller', { vendor: 'entra' });
  return { accessToken: result.accessToken, expiresAtMs: result.expiresOn?.getTime() ?? 0 };
}
