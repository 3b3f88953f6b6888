import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { authorizeUrl, plain, redirectUri, sentBack, startEntra, tenantId } from './start-entra.ts';

const shownOnPage = [
  [{ redirect_uri: `${redirectUri}/` }, 'AADSTS50011'],
  [{ redirect_uri: redirectUri.replace('127.0.0.1', 'localhost') }, 'AADSTS50011'],
  [{ redirect_uri: undefined }, "'redirect_uri'"],
  [{ client_id: undefined }, "'client_id'"],
  [{ client_id: 'nobody' }, 'AADSTS700016'],
  [{ response_mode: 'web_message' }, 'AADSTS90023'],
] as const;

verifies('entra:strict', 'until the reply address is known, errors are shown and nobody is sent anywhere', async () => {
  const started = await startEntra();

  for (const [query, text] of shownOnPage) {
    const response = await fetch(authorizeUrl(started, query), { redirect: 'manual' });

    expect([response.status, response.headers.get('location')], text).toEqual([400, null]);
    expect(plain(await response.text())).toContain(text);
  }
});

const sentToApplication = [
  [{ response_type: 'id_token' }, 'unsupported_response_type', 'AADSTS700054'],
  [{ response_type: undefined }, 'invalid_request', "'response_type'"],
  [{ scope: undefined }, 'invalid_request', "'scope'"],
  [{ scope: ' ' }, 'invalid_scope', 'AADSTS70011'],
  [{ scope: 'a|b' }, 'invalid_scope', 'AADSTS70011'],
  [{ prompt: 'none' }, 'login_required', 'AADSTS50058'],
  [{ prompt: 'perhaps' }, 'invalid_request', 'AADSTS90023'],
  [{ claims: '{' }, 'invalid_request', 'AADSTS90023'],
  [{ code_challenge: undefined }, 'invalid_request', 'AADSTS9002325'],
  [{ code_challenge_method: 'plain' }, 'invalid_request', 'AADSTS90023'],
  [{ code_challenge: 'short' }, 'invalid_request', 'AADSTS501491'],
] as const;

verifies('entra:strict', 'whatever else is wrong is told to the application, with its state', async () => {
  const started = await startEntra();

  for (const [query, error, text] of sentToApplication) {
    const answer = sentBack(await fetch(authorizeUrl(started, query), { redirect: 'manual' }));

    expect(answer, text).toMatchObject({ error, state: 'the-state' });
    expect(answer['error_description']).toContain(text);
  }
});

verifies('entra:strict', 'the choice is checked again with the request it stands for', async () => {
  const started = await startEntra();
  const request = new URLSearchParams({ client_id: 'nobody', redirect_uri: 'https://evil.example' }).toString();

  const response = await fetch(`${started.base}/${tenantId}/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ request, account: 'ana@alderfinch.example' }),
  });

  expect([response.status, response.headers.get('location')]).toEqual([400, null]);
});

verifies('entra:strict', 'another tenant is not found, and a shared endpoint is not for this application', async () => {
  const started = await startEntra();
  const metadata = async (tenant: string) => {
    const response = await fetch(`${started.base}/${tenant}/v2.0/.well-known/openid-configuration`);
    return [response.status, ((await response.json()) as { error_codes?: number[] }).error_codes];
  };

  expect(await metadata('00000000-0000-4000-8000-0000000000ff')).toEqual([400, [90002]]);
  expect(await metadata('common')).toEqual([400, [50194]]);
  expect((await fetch(authorizeUrl(started).replace(tenantId, 'common'))).status).toBe(400);
});

verifies('entra:strict', 'what is not played is refused loudly', async () => {
  const started = await startEntra();

  const response = await fetch(`${started.base}/${tenantId}/oauth2/v2.0/devicecode`, { method: 'POST' });

  expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('does not play POST')]);
});
