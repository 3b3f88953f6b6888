import type { Random } from '../../sandbox/kit/random.ts';
import { mutateText, troublingText } from './texts.ts';

/** A path as a request line can carry it: no space, no control, no line break. */
export const carried = (path: string): string =>
  Buffer.from(path.toWellFormed(), 'utf8')
    .toString('latin1')
    .replace(/[^\x21-\x7e]/g, (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .slice(0, 6_000);

/** The path with a segment changed, doubled, gone or escaped otherwise. */
export function mutatePath(random: Random, path: string): string {
  const segments = path.split('/').slice(1);
  const at = random.below(segments.length);
  switch (random.below(6)) {
    case 0:
      segments.splice(at, 1);
      break;
    case 1:
      segments.splice(at, 0, segments[at] ?? '');
      break;
    case 2:
      segments[at] = encodeURIComponent(troublingText(random).toWellFormed()).slice(0, 2_000);
      break;
    case 3:
      segments[at] = troublingText(random);
      break;
    case 4:
      segments.push(troublingText(random));
      break;
    default:
      segments[at] = mutateText(random, segments[at] ?? '');
  }
  return carried(`/${segments.join('/')}`);
}

export type Query = readonly (readonly [name: string, value: string])[];

/** The parameters with some of them gone, doubled, changed or invented. */
export function mutateQuery(random: Random, query: Query): Query {
  const changed = [...query];
  for (let time = 0; time <= random.below(3); time += 1) {
    const at = random.below(Math.max(1, changed.length));
    const [name = 'x', value = ''] = changed[at] ?? [];
    const next: Query = random.pick<Query>([
      [],
      [[name, value] as const, [name, mutateText(random, value)] as const],
      [[name, mutateText(random, value)] as const],
      [[name, troublingText(random)] as const],
      [[mutateText(random, name), value] as const],
    ]);
    changed.splice(at, 1, ...next);
  }
  return changed;
}

// Below what servers take of a request line.
const maxQueryChars = 6_000;

/** Written as a form writes it, or with its letters as they are. */
export function writeQuery(random: Random, query: Query): string {
  if (random.chance(0.85)) return formOf(query).slice(0, maxQueryChars);
  return carried(query.map(([name, value]) => `${name}=${value}`).join('&')).replaceAll('#', '%23');
}

export function formOf(query: Query): string {
  const form = new URLSearchParams();
  for (const [name, value] of query) form.append(name.toWellFormed(), value.toWellFormed());
  return form.toString();
}
