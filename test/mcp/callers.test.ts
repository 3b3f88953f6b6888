import { expect } from 'vitest';
import { verifies } from '../verifies.ts';
import { callOf, linkAna, startEndpoint } from './start-endpoint.ts';

const whoami = callOf('people_whoami');
const structured = ({ body }: { body: unknown }) =>
  (body as { result: { structuredContent?: unknown } }).result.structuredContent;

verifies('mcp:callers', 'whoever is linked to a chat is the same person here, with the role that the token tells', async () => {
  const endpoint = startEndpoint();
  await linkAna(endpoint);

  const me = await endpoint.send(whoami);

  expect(structured(me)).toEqual({ name: 'Ana Ribeiro', email: 'ana@alderfinch.example', role: 'admin', timeZone: 'Asia/Tokyo' });
  expect(endpoint.asked).toEqual([{ personId: 'alderfinch:person-ana', token: 'ana' }]);
});

verifies(
  'mcp:callers',
  'an account that no chat was ever linked to is one person from its first call on, known to Microsoft 365',
  async () => {
    const { send, asked, identities, indexes, directory } = startEndpoint();
    directory.timeZone = 'America/New_York';

    const answers = await Promise.all([1, 2, 3].map(() => send(whoami, { token: 'chloe' })));

    for (const answer of answers)
      expect(structured(answer)).toMatchObject({ name: 'Somebody', role: 'user', timeZone: 'America/New_York' });
    const account = identities.documents.get(indexes.account('00000000-0000-4000-8000-0000000000a0', 'oid-chloe'));
    expect(account?.kind).toBe('account');
    expect(new Set(asked.map(({ personId }) => personId))).toEqual(new Set([account?.personId]));
    expect(new Set(asked.map(({ token }) => token))).toEqual(new Set(['chloe']));
  },
);

verifies('mcp:callers', 'an account whose person was erased is a new person', async () => {
  const endpoint = startEndpoint();
  const id = await linkAna(endpoint);
  await endpoint.identities.update(id, { personId: undefined });
  endpoint.people.people.clear();

  await Promise.all([1, 2, 3].map(() => endpoint.send(whoami)));

  const persons = new Set(endpoint.asked.map(({ personId }) => personId));
  expect(persons.size).toBe(1);
  expect(persons).not.toContain('alderfinch:person-ana');
  expect(persons).toContain(endpoint.identities.documents.get(id)?.personId);
});

verifies('mcp:callers', 'an account without an address of the organisation calls nothing', async () => {
  const { send, asked } = startEndpoint();

  const { body } = await send(whoami, { token: 'guest' });

  expect(body).toMatchObject({ result: { isError: true, _meta: { 'adjutant/error': { code: 'forbidden' } } } });
  expect(asked).toEqual([]);
});
