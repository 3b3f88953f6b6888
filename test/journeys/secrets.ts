import { organisation } from '../../sandbox/seed/organisation.ts';
import { people } from '../../sandbox/seed/people.ts';
import type { Journey } from './journey.ts';

const secretSettings = /KEY|SECRET|PASSWORD|^SERVICE_BUS$|AzureWebJobsStorage/;
const leastChars = 3;

/** What a stranger could learn from: people, what they wrote and were told, what stands in their calendars, and what opens doors. */
export async function secretsOf(journey: Journey): Promise<string[]> {
  const typed = people.map(async ({ phone }) => (await journey.shown(phone, '')).flatMap(({ text }) => text.split('\n')));
  const subjects = people.filter(({ onboarded }) => onboarded).map(({ phone }) => subjectsOf(journey, phone));
  const texts = (await Promise.all([...typed, ...subjects])).flat();
  const links = texts.flatMap((text) => /\/sign-in\/([^\s]+)/.exec(text)?.slice(1) ?? []);
  const settings = Object.entries(journey.sandbox().environment);
  const keys = settings.flatMap(([name, value]) => (secretSettings.test(name) ? [value] : []));
  const persons = people.flatMap(({ name, email, phone, lid }) => [...name.split(' '), email, phone.slice(1), lid]);
  const all = [...texts, ...links, ...keys, ...persons, organisation.assistant.phone.slice(1), 'eyJ', 'Bearer'];
  return [...new Set(all)].filter(({ length }) => length >= leastChars);
}

/** Which of them stand in a text, as words of their own. */
export function foundIn(text: string, secrets: readonly string[]): string[] {
  const escaped = (secret: string) => secret.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return secrets.filter((secret) => new RegExp(`(?<![\\w-])${escaped(secret)}(?![\\w-])`).test(text));
}

async function subjectsOf(journey: Journey, phone: string): Promise<string[]> {
  const { accessToken } = (await journey.post('/sandbox/token', { person: phone, audience: 'msgraph' })) as {
    accessToken: string;
  };
  const response = await fetch(`${journey.sandbox().url}/msgraph/v1.0/me/events?$select=subject&$top=100`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return ((await response.json()) as { value: { subject: string }[] }).value.map(({ subject }) => subject);
}
