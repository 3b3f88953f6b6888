import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { codeFor, otherClient, redirectUri, startEntra, tenantId } from './start-entra.ts';

const ana = 'ana@alderfinch.example';
const correlationId = '11111111-2222-4333-8444-555555555555';

verifies('entra:strict', 'an error has the shape of Entra and the id of the request', async () => {
  const { ask } = await startEntra();

  const { status, body } = await ask({ grant_type: 'password' }, { 'client-request-id': correlationId });

  expect(status).toBe(400);
  expect(body).toEqual({
    error: 'unsupported_grant_type',
    error_description: expect.stringMatching(/^AADSTS70003: .+ Trace ID: .+ Correlation ID: 1{8}-.+ Timestamp: .+Z$/) as string,
    error_codes: [70003],
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/) as string,
    trace_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    correlation_id: correlationId,
    error_uri: expect.stringContaining('70003') as string,
  });
});

const refusedClients = [
  [{ client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
  [{ client_secret: '' }, 401, 'invalid_client', 7000218],
  [{ client_id: 'nobody' }, 400, 'unauthorized_client', 700016],
  [{ client_id: '' }, 400, 'invalid_request', 900144],
  [{ grant_type: '' }, 400, 'invalid_request', 900144],
  [{ grant_type: 'toString' }, 400, 'unsupported_grant_type', 70003],
] as const;

verifies('entra:strict', 'a client that does not prove who it is gets nothing', async () => {
  const { ask } = await startEntra();

  for (const [form, status, error, code] of refusedClients) {
    const answer = await ask({ grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default', ...form });

    expect(answer).toMatchObject({ status, body: { error, error_codes: [code] } });
  }
});

verifies('entra:strict', 'only a form in a POST is read', async () => {
  const { base } = await startEntra();
  const url = `${base}/${tenantId}/oauth2/v2.0/token`;

  const got = await fetch(url);
  const json = await fetch(url, { method: 'POST', body: JSON.stringify({ grant_type: 'client_credentials' }) });

  expect(await got.json()).toMatchObject({ error_codes: [900561] });
  expect(await json.json()).toMatchObject({ error_codes: [900144] });
});

const refusedCodes = [
  [{ code: 'made-up' }, 'invalid_grant', 9002313],
  [{ code: '' }, 'invalid_request', 900144],
  [{ code_verifier: 'x'.repeat(43) }, 'invalid_grant', 501481],
  [{ code_verifier: '' }, 'invalid_request', 900144],
  [{ redirect_uri: `${redirectUri}?` }, 'invalid_client', 500112],
  [{ client_id: otherClient.clientId, client_secret: otherClient.clientSecret }, 'invalid_grant', 70000],
] as const;

verifies(
  'entra:strict',
  'a code is bound to its client, redirect URI and verifier; a failed try does not use it up',
  async () => {
    const started = await startEntra();
    const form = await codeFor(started, ana);

    for (const [change, error, code] of refusedCodes) {
      expect(await started.ask({ ...form, ...change })).toMatchObject({ status: 400, body: { error, error_codes: [code] } });
    }

    expect(await started.ask(form)).toMatchObject({ status: 200 });
  },
);

verifies('entra:strict', 'a code is redeemed once, also by two at the same moment', async () => {
  const started = await startEntra();
  const form = await codeFor(started, ana);

  const answers = await Promise.all([started.ask(form), started.ask(form), started.ask(form)]);

  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
  expect(await started.ask(form)).toMatchObject({ body: { error: 'invalid_grant', error_codes: [54005] } });
});

verifies('entra:strict', 'a code lives ten minutes', async () => {
  const started = await startEntra();
  const [early, late] = [await codeFor(started, ana), await codeFor(started, ana)];

  started.context.clock.advance(9 * 60_000);
  const inTime = await started.ask(early);
  started.context.clock.advance(2 * 60_000);
  const tooLate = await started.ask(late);

  expect(inTime.status).toBe(200);
  expect(tooLate).toMatchObject({ status: 400, body: { error: 'invalid_grant', error_codes: [70008] } });
});

verifies('entra:strict', 'a fault answers in the words of Entra', async () => {
  const { context, ask } = await startEntra();
  for (const status of [400, 401, 429, 503]) context.faults.add({ vendor: 'entra', effect: 'answer', status });

  const errors = [];
  for (let n = 0; n < 4; n += 1) errors.push((await ask({})).body['error']);

  expect(errors).toEqual(['invalid_grant', 'invalid_client', 'temporarily_unavailable', 'temporarily_unavailable']);
});
