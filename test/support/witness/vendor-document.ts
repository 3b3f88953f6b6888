import type { Contract } from '../contracts.ts';

/** Keys that lead to a place in the document. */
export type Place = readonly string[];

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: unknown;
  /** Where its schema stands. */
  readonly place: Place;
}

/** One operation: `GET /me/events`, as the document has it. */
export interface Operation {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Where the schema of the body stands; undefined where the document tells none. */
  readonly requestBody: { readonly required: boolean; readonly place: Place | undefined } | undefined;
  /** By status (`200`, `4XX`, `default`): where its schemas stand, by media type. */
  readonly responses: Readonly<Record<string, Readonly<Record<string, Place | undefined>>>>;
}

export interface VendorDocument {
  readonly contract: Contract;
  readonly operations: readonly Operation[];
  /** The operation that a path without its query belongs to. */
  find(method: string, pathname: string): Operation | undefined;
  /** Where the schema of a webhook stands. */
  webhook(event: string): Place | undefined;
}

type Node = Readonly<Record<string, unknown>>;

/** @param prefix What the paths of the document leave out (`/v1.0`). */
export function readVendorDocument(contract: Contract, prefix: string): VendorDocument {
  const { document } = contract;
  const root = document as unknown as Node;
  const entries = Object.entries(document.paths).flatMap(([template, item]) =>
    Object.keys(item)
      .filter((key) => /^(get|put|post|patch|delete)$/.test(key))
      .map((method) => ({
        method: method.toUpperCase(),
        pattern: patternOf(template),
        fixedChars: template.replaceAll(/\{[^}]*\}/g, '').length,
        operation: operationOf(root, template, method),
      })),
  );
  // Of two templates that fit, the one with more that is fixed is meant: `/lids/count` is no lid.
  entries.sort((a, b) => b.fixedChars - a.fixedChars);
  const known = new Map<string, Operation | undefined>();
  return {
    contract,
    operations: entries.map(({ operation }) => operation),
    find(method, pathname) {
      const key = `${method} ${pathname}`;
      if (!known.has(key)) {
        const path = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : undefined;
        const fits = entries.find((entry) => entry.method === method && path !== undefined && entry.pattern.test(path));
        known.set(key, fits?.operation);
      }
      return known.get(key);
    },
    webhook(event) {
      const place = ['webhooks', event, 'post', 'requestBody', 'content', 'application/json', 'schema'];
      return at(root, place) === undefined ? undefined : place;
    },
  };
}

/** Functions may be called without their empty brackets. */
function patternOf(template: string): RegExp {
  const pieces = template.split(/(\{[^}]*\}|\(\))/).map((piece) => {
    if (piece === '()') return '(?:\\(\\))?';
    return piece.startsWith('{') ? '[^/]+' : piece.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${pieces.join('')}$`);
}

function operationOf(root: Node, template: string, method: string): Operation {
  const place = ['paths', template, method];
  const body = resolve(root, [...place, 'requestBody']);
  const responses = at(root, [...place, 'responses']) as Node;
  return {
    name: `${method.toUpperCase()} ${template}`,
    parameters: [...parametersAt(root, ['paths', template, 'parameters']), ...parametersAt(root, [...place, 'parameters'])],
    requestBody: body && {
      required: (at(root, body) as { required?: boolean }).required === true,
      place: Object.values(contentAt(root, body))[0],
    },
    responses: Object.fromEntries(
      Object.keys(responses).map((status) => {
        const response = resolve(root, [...place, 'responses', status]);
        return [status, response ? contentAt(root, response) : {}];
      }),
    ),
  };
}

function parametersAt(root: Node, place: Place): Parameter[] {
  const list = at(root, place);
  if (!Array.isArray(list)) return [];
  return list.flatMap((_, index) => {
    const found = resolve(root, [...place, String(index)]);
    return found ? [{ ...(at(root, found) as Parameter), place: [...found, 'schema'] }] : [];
  });
}

/** The schemas of a body, by media type; undefined where it has none. */
function contentAt(root: Node, place: Place): Record<string, Place | undefined> {
  const content = (at(root, place) as { content?: Record<string, { schema?: unknown }> }).content ?? {};
  return Object.fromEntries(
    Object.entries(content).map(([type, { schema }]) => [
      type,
      schema === undefined ? undefined : [...place, 'content', type, 'schema'],
    ]),
  );
}

/** What stands at a place. */
export function at(root: Node, place: Place): unknown {
  return place.reduce<unknown>(
    (node, key) => (typeof node === 'object' && node !== null ? (node as Node)[key] : undefined),
    root,
  );
}

/** The place itself, or where its `$ref` leads. */
export function resolve(root: Node, place: Place): Place | undefined {
  const node = at(root, place);
  if (typeof node !== 'object' || node === null) return undefined;
  const reference = (node as { $ref?: unknown }).$ref;
  if (typeof reference !== 'string') return place;
  const keys = reference.slice('#/'.length).split('/');
  return resolve(
    root,
    keys.map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')),
  );
}
