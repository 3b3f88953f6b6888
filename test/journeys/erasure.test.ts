import { expect } from 'vitest';
import { people } from '../../sandbox/seed/people.ts';
import { verifies } from '../verifies.ts';
import { ana, dmitri, useJourney } from './journey.ts';

const lines: string[] = [];
const journey = useJourney({ onLine: (line) => lines.push(line) });

const containers = ['conversations', 'people', 'identities', 'tokens', 'sign-ins', 'data-keys'];
type Stored = Readonly<Record<string, unknown>> & { readonly id: string };

/** Everything that is stored in Cosmos, by container and id, as JSON; what Cosmos itself adds is left out. */
function stored(): Map<string, Stored> {
  const { cosmos } = journey.sandbox();
  return new Map(
    containers.flatMap((container) =>
      (cosmos.documents(container) as unknown as Stored[]).map((document): [string, Stored] => [
        `${container}/${JSON.stringify(document['conversationId'] ?? '')}/${document.id}`,
        document,
      ]),
    ),
  );
}

/** The person's id, by whose Entra account the profile was made. */
function personOf(phone: string): Stored {
  const oid = people.find((person) => person.phone === phone)?.oid ?? '';
  const found = [...stored().values()].find(({ homeAccountId }) => String(homeAccountId).startsWith(oid));
  if (!found) throw new Error('Nobody is stored for that account');
  return found;
}

verifies(
  ['journey:erasure', 'privacy:nothing-left'],
  'Dmitri erases everything, is a stranger when he writes again, and signs in as somebody new',
  async () => {
    await journey.ask(dmitri, 'What is on my calendar tomorrow?');
    const before = personOf(dmitri);
    const conversationId = String(before['conversationId']);
    const [explained = ''] = await journey.ask(dmitri, 'Erase my data');
    const untouched = personOf(dmitri);

    const answers = await journey.ask(dmitri, 'ERASE EVERYTHING');
    const left = [...stored()].filter(([, document]) => JSON.stringify(document).includes(conversationId));
    const [stranger = ''] = await journey.ask(dmitri, 'Who am I?');
    await journey.sandbox().onboard(people.filter(({ phone }) => phone === dmitri));
    const [again = ''] = await journey.ask(dmitri, 'Who am I?');

    expect(explained).toContain('send exactly this, in capitals: ERASE EVERYTHING');
    expect(untouched.id).toBe(before.id);
    expect(answers).toEqual([expect.stringMatching(/^Done: I have erased everything/)]);
    expect(left.map(([, { id, type, erased, dropped }]) => ({ id, type, erased, dropped }))).toEqual([
      { id: 'lease', type: 'lease', erased: 'done', dropped: undefined },
      { id: conversationId, type: undefined, erased: undefined, dropped: true },
    ]);
    const ofPerson = [...stored()].filter(([, document]) => JSON.stringify(document).includes(before.id));
    // Tombstones: nothing that was under way brings anything back.
    const withoutCosmos = (document: Stored) => Object.keys(document).filter((field) => !field.startsWith('_'));
    expect(ofPerson.map(([place, document]) => [place.split('/')[0], ...withoutCosmos(document)])).toEqual([
      ['people', 'id', 'erased'],
      ['tokens', 'id', 'personId', 'erased'],
      ['data-keys', 'id', 'dropped'],
    ]);
    expect(stranger).toMatch(/\/api\/sign-in\//);
    expect(again).toContain('Dmitri Volkov (dmitri@alderfinch.example)');
    expect(personOf(dmitri).id).not.toBe(before.id);
    expect(personOf(dmitri)['conversationId']).not.toBe(conversationId);
  },
);

verifies('journey:erasure', 'nobody else notices', async () => {
  const [who = ''] = await journey.ask(ana, 'Who am I?');

  expect(who).toContain('Ana Ribeiro');
  expect(lines.filter((line) => line.includes('"erasure.parked"'))).toEqual([]);
});
