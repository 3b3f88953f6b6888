import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { emailOf, errorOf, listOf, oidOf, startMsgraph } from './start.ts';

verifies('msgraph:people', 'me is the person of the token, by the vendor’s own client', async () => {
  const { client } = await startMsgraph();

  const me = (await client('ana').api('/me').get()) as Record<string, unknown>;

  expect(me).toMatchObject({ id: oidOf('ana'), displayName: 'Ana Ribeiro', givenName: 'Ana', surname: 'Ribeiro' });
  expect(me).toMatchObject({ mail: emailOf('ana'), userPrincipalName: emailOf('ana'), mobilePhone: '+15550100001' });
});

verifies('msgraph:people', 'a person is found by id and by address, and nobody else', async () => {
  const { call } = await startMsgraph();

  const byId = await call('ana', `GET /users/${oidOf('ben')}?$select=id,displayName`);
  const byAddress = await call('ana', 'GET /users/BEN@alderfinch.example?$select=id,displayName');
  const nobody = await call('ana', 'GET /users/nobody@alderfinch.example');

  expect(byId.body).toMatchObject({ id: oidOf('ben'), displayName: 'Ben Okafor' });
  expect(byAddress.body).toEqual(byId.body);
  expect([nobody.status, errorOf(nobody).code]).toEqual([404, 'Request_ResourceNotFound']);
});

verifies('msgraph:people', 'phone numbers of others need the right to read whole profiles', async () => {
  const { call } = await startMsgraph();
  const byPhone = `GET /users?$filter=${encodeURIComponent("mobilePhone eq '+15550100002'")}&$select=displayName,mobilePhone`;

  const basic = await call('ana', `GET /users/${oidOf('ben')}`);
  const refused = await call('ana', byPhone);
  const found = await call('ana+User.Read.All', byPhone);

  expect(basic.body).toMatchObject({ displayName: 'Ben Okafor', mobilePhone: null });
  expect([refused.status, errorOf(refused).code]).toEqual([403, 'Authorization_RequestDenied']);
  expect(listOf(found)).toEqual([{ displayName: 'Ben Okafor', mobilePhone: '+15550100002' }]);
});

verifies('msgraph:people', 'people are listed by filter, page by page, over links of the public origin', async () => {
  const { call, client } = await startMsgraph();

  const first = await call('ana', 'GET /users?$top=2&$select=id');
  const next = String(first.body['@odata.nextLink']);
  const second = (await client('ana').api(next).get()) as { value: unknown[] };
  const filter = "startswith(displayName,'D') or mail eq 'EVA@alderfinch.example'";
  const named = await call('ana', `GET /users?$filter=${encodeURIComponent(filter)}`);

  expect(next).toMatch(/^https:\/\/graph\.microsoft\.com\/v1\.0\/users\?/);
  expect([...listOf(first), ...second.value]).toEqual(
    ['ana', 'ben', 'chloe', 'dmitri'].map((given) => ({ id: oidOf(given as 'ana') })),
  );
  expect(listOf(named).map(({ displayName }) => displayName)).toEqual(['Dmitri Volkov', 'Eva Lindqvist']);
});

verifies('msgraph:people', 'the directory takes some queries only with ConsistencyLevel', async () => {
  const { call } = await startMsgraph();
  const query = `GET /users?$count=true&$select=id&$filter=${encodeURIComponent("endswith(mail,'@alderfinch.example')")}`;

  const refused = await call('ana', query);
  const counted = await call('ana', query, { headers: { consistencylevel: 'eventual' } });
  const contains = await call('ana', `GET /users?$filter=${encodeURIComponent("contains(displayName,'a')")}`);

  expect([refused.status, errorOf(refused).code]).toEqual([400, 'Request_UnsupportedQuery']);
  expect(counted.body['@odata.count']).toBe(5);
  expect([contains.status, errorOf(contains).code]).toEqual([400, 'Request_UnsupportedQuery']);
});

verifies('msgraph:people', 'mailbox settings tell the Windows name of the zone, to the owner and to applications', async () => {
  const { call } = await startMsgraph();

  const own = await call('chloe', 'GET /me/mailboxSettings');
  const zone = await call('dmitri', 'GET /me/mailboxSettings/timeZone');
  const others = await call('ana', `GET /users/${oidOf('ben')}/mailboxSettings`);
  const application = await call('app+MailboxSettings.Read', `GET /users/${oidOf('ben')}/mailboxSettings?$select=timeZone`);

  expect(own.body).toMatchObject({
    timeZone: 'Eastern Standard Time',
    workingHours: { timeZone: { name: 'Eastern Standard Time' } },
  });
  expect(zone.body['value']).toBe('W. Europe Standard Time');
  expect([others.status, errorOf(others).code]).toEqual([403, 'ErrorAccessDenied']);
  expect(application.body).toMatchObject({ timeZone: 'GMT Standard Time' });
});
