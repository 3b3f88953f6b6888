import { isObject } from '../../wire/strict-schema.ts';

/** `You are Ana Ribeiro (ana@alderfinch.example), role admin, time zone Europe/Lisbon.` */
export function wordPerson(result: unknown): string | undefined {
  const person = isObject(result) && isObject(result.person) ? result.person : result;
  if (!isObject(person)) return undefined;
  const text = (name: string) => (typeof person[name] === 'string' && person[name] !== '' ? person[name] : undefined);
  const name = text('name') ?? text('displayName');
  if (name === undefined) return undefined;
  const email = text('email') ?? text('mail');
  const details = [
    `You are ${name}${email === undefined ? '' : ` (${email})`}`,
    ...(text('role') === undefined ? [] : [`role ${text('role') ?? ''}`]),
    ...(text('timeZone') === undefined ? [] : [`time zone ${text('timeZone') ?? ''}`]),
  ];
  return `${details.join(', ')}.`;
}
