import type { Sandbox } from './options.ts';

interface Person {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly role: string;
  readonly onboarded: boolean;
}

/** What is printed once all is ready: addresses, people, three things to try. */
export async function welcome(sandbox: Sandbox, directory: string): Promise<string> {
  const { url, applicationUrl, standIns } = sandbox;
  const lines = [
    'Adjutant is ready.',
    '',
    `  Chat page    ${url}`,
    `  Application  ${applicationUrl}  (its log: ${directory}/application.log)`,
    ...vendorLine(sandbox),
    ...(standIns.waha ? await peopleLines(url) : []),
    '',
    `  Ctrl-C ends it all. State is kept in ${directory}/; \`npm start -- --fresh\` forgets it.`,
  ];
  return lines.join('\n');
}

function vendorLine({ standIns, ports }: Sandbox): string[] {
  const at = (name: string) => String(ports[name]);
  const told = [
    ...(standIns.servicebus ? [`Service Bus ${at('servicebus')}`] : []),
    ...(standIns.cosmos ? [`Cosmos DB ${at('cosmos')}`] : []),
    ...(standIns.postgres ? [`Postgres ${at('postgres')}`] : []),
    ...(standIns.storage ? [`storage ${at('blob')} (blobs), ${at('queue')} (queues), ${at('table')} (tables)`] : []),
  ];
  return told.length === 0 ? [] : [`  Ports        ${told.join(' · ')}`];
}

async function peopleLines(url: string): Promise<string[]> {
  const people = (await (await fetch(`${url}/sandbox/people`)).json()) as Person[];
  const described = people.map(
    ({ name, phone, role, onboarded }) => `${name.padEnd(15)} ${phone}  ${onboarded ? role : `${role}, not signed in yet`}`,
  );
  const given = (person: Person | undefined) => person?.name.split(' ')[0] ?? '';
  const [first, second] = people.filter(({ onboarded }) => onboarded);
  const newcomer = people.find(({ onboarded }) => !onboarded);
  const tries = [
    ...(first ? [`as ${given(first)}: What is on my calendar tomorrow?`] : []),
    ...(second ? [`as ${given(second)}: Book a review with ${first?.email ?? ''} tomorrow at 3pm`] : []),
    ...(newcomer ? [`as ${given(newcomer)}: Hello, then open the link and sign in`] : [`as ${given(first)}: help`]),
  ];
  return ['', ...table('People', described), '', ...table('Try', tries)];
}

function table(title: string, rows: readonly string[]): string[] {
  return rows.map((row, index) => `  ${(index === 0 ? title : '').padEnd(13)}${row}`);
}
