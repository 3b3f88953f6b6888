import { expect } from 'vitest';
import { graphRequest } from '../../../shared/adapters/msgraph/request.ts';
import { claimsOf } from '../../../shared/core/errors.ts';
import { verifies } from '../../verifies.ts';

/** What comes of a request that Graph refuses with this challenge. */
function refusedWith(challenge: string): Promise<unknown> {
  const answer = Response.json({ error: { code: 'InvalidAuthenticationToken', message: 'Revoked.' } }, { status: 401 });
  answer.headers.set('www-authenticate', challenge);
  const options = {
    ...{ baseUrl: 'https://graph.example', timeoutMs: 1_000, fetch: () => Promise.resolve(answer) },
    tokenFor: () => Promise.resolve('token'),
  };
  return graphRequest(options, 'ana', { path: '/me' }).catch((error: unknown) => error);
}

verifies('mcp:claims', 'a claims challenge of Microsoft Graph is told with the error, and only what is one', async () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
  const encoded = Buffer.from(claims).toString('base64');
  const challenged = (value: string) =>
    `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${value}"`;

  const errors = await Promise.all(
    [challenged(encoded), challenged('bm90IGpzb24='), challenged('A'.repeat(9_000)), 'Bearer realm=""'].map(refusedWith),
  );

  for (const error of errors) expect(error).toMatchObject({ code: 'sign-in-required', vendor: 'msgraph' });
  expect(errors.map(claimsOf)).toEqual([claims, undefined, undefined, undefined]);
});
