import type { SeedPerson } from '../sandbox/seed/people.ts';

const zones = [
  { timeZone: 'Europe/Lisbon', windowsTimeZone: 'GMT Standard Time', locale: 'pt-PT' },
  { timeZone: 'Europe/London', windowsTimeZone: 'GMT Standard Time', locale: 'en-GB' },
  { timeZone: 'America/New_York', windowsTimeZone: 'Eastern Standard Time', locale: 'en-US' },
  { timeZone: 'Europe/Berlin', windowsTimeZone: 'W. Europe Standard Time', locale: 'de-DE' },
] as const;

/** Colleagues beyond those of the seed: as many as are to write at once. */
export function inventCrowd(count: number): SeedPerson[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(4, '0');
    return {
      name: `Casey ${number}`,
      email: `casey${number}@alderfinch.example`,
      phone: `+1555020${number}`,
      lid: `31415926535${number}`,
      oid: `00000000-0000-4000-9000-${number.padStart(12, '0')}`,
      appRole: undefined,
      ...(zones[index % zones.length] ?? zones[0]),
      onboarded: true,
    };
  });
}
