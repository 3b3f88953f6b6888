import type { Directory, DirectoryPerson } from '../../../shared/ports/directory.ts';

export interface FakeDirectory extends Directory {
  /** The mails that were sent. */
  readonly mails: { personId: string; subject: string; text: string; to: string }[];
  readonly people: DirectoryPerson[];
  /** The address of every mailbox. */
  address: string;
  /** The zone of every mailbox. */
  timeZone: string;
  /** What every method answers instead; undefined: as it is. */
  failWith(error: Error | undefined): void;
}

export function createFakeDirectory(): FakeDirectory {
  const [mails, people]: [FakeDirectory['mails'], DirectoryPerson[]] = [[], []];
  let failure: Error | undefined;
  const answer = <T>(run: () => T): Promise<T> => (failure ? Promise.reject(failure) : Promise.resolve(run()));
  const directory: FakeDirectory = {
    mails,
    people,
    address: 'somebody@alderfinch.example',
    timeZone: 'Europe/Lisbon',
    failWith(error) {
      failure = error;
    },
    loadProfile: (personId) =>
      answer(() => ({ oid: personId, name: 'Somebody', email: directory.address, timeZone: directory.timeZone })),
    findByEmail: (_personId, email) => answer(() => people.find((person) => person.email.toLowerCase() === email.toLowerCase())),
    sendMailToSelf: (personId, mail) => ({
      perform: () => answer(() => void mails.push({ personId, ...mail })),
      settle: 'never',
    }),
  };
  return directory;
}
