import { expect } from 'vitest';
import type { Directory } from '../../shared/ports/directory.ts';
import { startGraph } from '../adapters/msgraph/start.ts';
import { emailOf, oidOf } from '../sandbox/msgraph/start.ts';
import { createFakeDirectory } from '../support/fakes/fake-directory.ts';
import { verifies } from '../verifies.ts';

interface Started {
  readonly directory: Directory;
  /** Subjects of the mails that arrived at Ana's. */
  readonly arrived: () => string[];
}

const ben = { oid: oidOf('ben'), name: 'Ben Okafor', email: emailOf('ben') };

const implementations: Readonly<Record<string, () => Promise<Started>>> = {
  memory: () => {
    const directory = createFakeDirectory();
    directory.people.push(ben);
    return Promise.resolve({ directory, arrived: () => directory.mails.map(({ subject }) => subject) });
  },
  msgraph: async () => {
    const { directory, msgraph } = await startGraph();
    return { directory, arrived: () => msgraph.mailbox(emailOf('ana')).map(({ subject }) => subject) };
  },
};

for (const [name, start] of Object.entries(implementations)) {
  verifies('adapters:directory', `${name}: a profile has an id, a name, an address and a zone by its IANA name`, async () => {
    const { directory } = await start();

    const { timeZone, ...person } = await directory.loadProfile('ana');

    expect(Object.values(person).filter((value) => value === '')).toEqual([]);
    expect(Object.keys(person).sort()).toEqual(['email', 'name', 'oid']);
    expect(new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone).toBe('Europe/Lisbon');
  });

  verifies('adapters:directory', `${name}: a colleague is found by address in any case, nobody is nobody`, async () => {
    const { directory } = await start();

    expect(await directory.findByEmail('ana', emailOf('ben'))).toEqual(ben);
    expect(await directory.findByEmail('ana', 'Ben@AlderFinch.example')).toEqual(ben);
    expect(await directory.findByEmail('ana', 'nobody@alderfinch.example')).toBeUndefined();
  });

  verifies('adapters:directory', `${name}: a mail arrives when it is performed, and is never repeated by itself`, async () => {
    const { directory, arrived } = await start();
    const write = directory.sendMailToSelf('ana', { subject: 'Linked', text: 'It is.', to: emailOf('ana') });
    const before = arrived();

    await write.perform('key', new AbortController().signal);

    expect([before, arrived(), write.settle]).toEqual([[], ['Linked'], 'never']);
  });
}
