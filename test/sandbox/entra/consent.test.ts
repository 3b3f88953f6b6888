import { decodeJwt } from 'jose';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { authorizeUrl, clientId, codeFor, sentBack, startEntra } from './start-entra.ts';

const designed =
  'openid profile offline_access User.Read User.ReadBasic.All Calendars.ReadWrite Calendars.Read.Shared MailboxSettings.Read Place.Read.All Files.ReadWrite Files.ReadWrite.All Sites.ReadWrite.All Mail.Send';

const refused = [
  ['Mail.Read', 'invalid_grant', 65001],
  ['Calendars.Rea', 'invalid_client', 650053],
  [`api://${clientId}/made_up`, 'invalid_client', 650053],
  ['https://vault.azure.net/user_impersonation', 'invalid_resource', 500011],
  [`User.Read api://${clientId}/access_as_user`, 'invalid_scope', 28000],
  ['User.Read https://graph.microsoft.com/.default', 'invalid_scope', 70011],
] as const;

verifies('entra:consent', 'all the delegated scopes of the application are consented to, and echoed as asked for', async () => {
  const started = await startEntra();
  const form = await codeFor(started, 'ben@alderfinch.example', { scope: designed });

  const { body } = await started.ask(form);

  expect(String(body['scope']).split(' ').sort()).toEqual(designed.replace('offline_access ', '').split(' ').sort());
  expect(body).toHaveProperty('refresh_token');
});

verifies('entra:consent', 'a token says the scopes asked for and no more; the default is all of them', async () => {
  const started = await startEntra();
  const one = await started.ask(await codeFor(started, 'ben@alderfinch.example', { scope: 'user.read' }));
  const all = await started.ask(
    await codeFor(started, 'ben@alderfinch.example', { scope: 'https://graph.microsoft.com/.default' }),
  );

  const scp = [one, all].map(({ body }) => String(decodeJwt(String(body['access_token']))['scp']));

  expect(scp[0]).toBe('User.Read');
  expect(scp[1]?.split(' ')).toEqual(expect.arrayContaining(['Calendars.ReadWrite', 'Mail.Send']));
  expect(all.body['scope']).toMatch(/https:\/\/graph\.microsoft\.com\/Mail\.Send https:\/\/graph\.microsoft\.com\/\.default$/);
});

verifies(
  'entra:consent',
  'a scope nobody consented to, of no resource, or of two, is refused at the token endpoint',
  async () => {
    const started = await startEntra();
    const form = await codeFor(started, 'ben@alderfinch.example');

    for (const [scope, error, code] of refused) {
      const { body } = await started.ask({ ...form, scope });

      expect(body, scope).toMatchObject({ error, error_codes: [code] });
      expect(body['suberror']).toBe(code === 65001 ? 'consent_required' : undefined);
    }
  },
);

verifies('entra:consent', 'and at the authorisation endpoint, before anybody is asked', async () => {
  const started = await startEntra();

  const answer = sentBack(await fetch(authorizeUrl(started, { scope: 'openid Mail.Read' }), { redirect: 'manual' }));

  expect(answer).toMatchObject({ error: 'consent_required', state: 'the-state' });
});
