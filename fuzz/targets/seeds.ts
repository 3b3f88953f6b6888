import { formOf, mutatePath, mutateQuery, writeQuery, type Query } from '../mutate/address.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateHeaders, type Headers } from '../mutate/headers.ts';
import { mutateJson } from '../mutate/json.ts';
import type { Random } from '../../sandbox/kit/random.ts';
import type { Shot } from '../shot.ts';

/** A request that is in order: what mutations begin with. */
export interface Seed {
  readonly method: string;
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Headers;
  readonly json?: unknown;
  readonly form?: Query;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE'] as const;

/** One of the seeds with one or two of its parts changed. */
export function shotOf(random: Random, seeds: readonly Seed[], common: Headers): Shot {
  const seed = random.pick(seeds);
  const parts = partsOf(seed);
  const chosen = [random.pick(parts), ...(random.chance(0.3) ? [random.pick(parts)] : [])];
  const changes = (part: Part) => chosen.includes(part);
  const headers = { ...common, ...contentType(seed), ...seed.headers };
  const query = changes('query') ? mutateQuery(random, seed.query ?? []) : (seed.query ?? []);
  const search = changes('query') ? writeQuery(random, query) : formOf(query);
  const path = changes('path') ? mutatePath(random, seed.path) : seed.path;
  return {
    label: chosen.join('+'),
    method: changes('method') ? random.pick(methods) : seed.method,
    path: search === '' ? path : `${path}?${search}`,
    headers: changes('headers') ? mutateHeaders(random, headers) : headers,
    body: bodyOf(random, seed, changes),
  };
}

type Part = 'path' | 'query' | 'headers' | 'json' | 'form' | 'bytes' | 'method' | 'nothing';

function partsOf(seed: Seed): Part[] {
  const body: Part[] = [
    ...(seed.json === undefined ? [] : (['json', 'json', 'json', 'json', 'bytes'] as const)),
    ...(seed.form === undefined ? [] : (['form', 'form', 'form', 'bytes'] as const)),
  ];
  const query: Part[] = seed.query === undefined ? [] : ['query', 'query', 'query'];
  return [
    ...body,
    ...query,
    'path',
    'headers',
    'query',
    ...(body.length + query.length === 0 ? (['method', 'nothing'] as const) : []),
  ];
}

function contentType({ json, form }: Seed): Headers {
  if (json !== undefined) return { 'content-type': 'application/json' };
  return form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
}

function bodyOf(random: Random, { json, form }: Seed, changes: (part: Part) => boolean): Buffer {
  const text = () => {
    if (json !== undefined) return changes('json') ? mutateJson(random, json) : JSON.stringify(json);
    if (form !== undefined) return changes('form') ? writeQuery(random, mutateQuery(random, form)) : formOf(form);
    return '';
  };
  const body = Buffer.from(text(), 'utf8');
  return changes('bytes') ? mutateBytes(random, body) : body;
}
