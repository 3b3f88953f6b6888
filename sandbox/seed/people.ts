/** A person of the invented company, as Entra, Exchange and WhatsApp each know them. */
export interface SeedPerson {
  readonly name: string;
  readonly email: string;
  /** What they sign in with, where that is not their address. */
  readonly userPrincipalName?: string;
  /** E.164. */
  readonly phone: string;
  /** The hidden user id of WhatsApp, digits only: shares none with the phone. */
  readonly lid: string;
  /** The object id in Entra. */
  readonly oid: string;
  /** The app role assigned in Entra; undefined is an ordinary user. */
  readonly appRole: 'Admin' | 'Staff' | undefined;
  /** IANA; Exchange tells the Windows name. */
  readonly timeZone: string;
  readonly windowsTimeZone: string;
  /** The language of the mailbox; its region tells which city of a Windows zone is meant. */
  readonly locale: string;
  /** Whether `npm start` signs them in. */
  readonly onboarded: boolean;
}

const person = (
  given: string,
  family: string,
  rest: Omit<SeedPerson, 'name' | 'email' | 'oid' | 'lid'> & { readonly number: number },
): SeedPerson => {
  const { number, ...fields } = rest;
  return {
    name: `${given} ${family}`,
    email: `${given.toLowerCase()}@alderfinch.example`,
    oid: `00000000-0000-4000-8000-00000000000${number}`,
    lid: `27182818284590${number}`,
    ...fields,
  };
};

const lisbon = { timeZone: 'Europe/Lisbon', windowsTimeZone: 'GMT Standard Time', locale: 'pt-PT' };
const london = { timeZone: 'Europe/London', windowsTimeZone: 'GMT Standard Time', locale: 'en-GB' };
const newYork = { timeZone: 'America/New_York', windowsTimeZone: 'Eastern Standard Time', locale: 'en-US' };
const berlin = { timeZone: 'Europe/Berlin', windowsTimeZone: 'W. Europe Standard Time', locale: 'de-DE' };
const stockholm = { timeZone: 'Europe/Stockholm', windowsTimeZone: 'W. Europe Standard Time', locale: 'sv-SE' };

export const people: readonly SeedPerson[] = [
  person('Ana', 'Ribeiro', { number: 1, phone: '+15550100001', appRole: 'Admin', onboarded: true, ...lisbon }),
  person('Ben', 'Okafor', { number: 2, phone: '+15550100002', appRole: 'Staff', onboarded: true, ...london }),
  person('Chloe', 'Martin', { number: 3, phone: '+15550100003', appRole: undefined, onboarded: true, ...newYork }),
  person('Dmitri', 'Volkov', { number: 4, phone: '+15550100004', appRole: 'Staff', onboarded: true, ...berlin }),
  person('Eva', 'Lindqvist', { number: 9, phone: '+15550100009', appRole: undefined, onboarded: false, ...stockholm }),
];
