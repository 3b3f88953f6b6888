import { badRequest, notPlayed } from '../errors.ts';
import { parseFilter, type Filter } from './filter.ts';

/** What of OData's query options a route takes, and how. */
export interface QueryRules {
  /** The options taken, with their `$`; anything else is refused. */
  readonly options: readonly QueryOption[];
  /** Further parameters, as startDateTime; their names are matched without case. */
  readonly parameters?: readonly string[];
  readonly properties: ReadonlySet<string>;
  readonly type: string;
  readonly maxTop: number;
}
export type QueryOption = '$select' | '$top' | '$skip' | '$filter' | '$orderby' | '$count' | '$skiptoken';

export interface Query {
  readonly select: readonly string[] | undefined;
  readonly top: number | undefined;
  readonly skip: number;
  readonly filter: Filter | undefined;
  readonly orderby: readonly { readonly path: string; readonly descending: boolean }[];
  readonly count: boolean;
  /** The further parameters by their name in the rules. */
  readonly parameters: Readonly<Record<string, string>>;
}

// What OData has and no route here takes: said as missing, not as wrong.
const optionsNotPlayed = new Set(['$expand', '$search', '$apply', '$compute', '$deltatoken', '$format']);

export function parseQuery(url: URL, rules: QueryRules): Query {
  const options = new Map<string, string>();
  const parameters: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    const parameter = rules.parameters?.find((known) => known.toLowerCase() === name.toLowerCase());
    if (parameter !== undefined) parameters[parameter] = value;
    else takeOption(options, { name: name.toLowerCase(), value, rules });
  }
  const filter = options.get('$filter');
  return {
    select: parseSelect(options.get('$select'), rules),
    top: parseCount('$top', options.get('$top'), rules.maxTop),
    skip: parseCount('$skip', options.get('$skip')) ?? skipOfToken(options.get('$skiptoken')),
    filter: filter === undefined ? undefined : parseFilter(filter),
    orderby: parseOrderBy(options.get('$orderby')),
    count: parseFlag(options.get('$count')),
    parameters,
  };
}

function takeOption(
  options: Map<string, string>,
  { name, value, rules }: { name: string; value: string; rules: QueryRules },
): void {
  if (optionsNotPlayed.has(name)) throw notPlayed(`the query option '${name}' here`);
  if (!(rules.options as readonly string[]).includes(name)) {
    throw badRequest(`The query parameter '${name}' is not supported on this resource.`);
  }
  if (options.has(name))
    throw badRequest(`Query option '${name}' was specified more than once, but it must be specified at most once.`);
  options.set(name, value);
}

function parseSelect(source: string | undefined, { properties, type }: QueryRules): string[] | undefined {
  if (source === undefined) return undefined;
  const names = source.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!properties.has(name.split('/')[0] ?? '')) {
      throw badRequest(
        `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.${type}'.`,
      );
    }
  }
  return names;
}

function parseCount(name: string, value: string | undefined, max?: number): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value)) {
    throw badRequest(
      `Invalid value '${value}' for ${name} query option found. The ${name} query option requires a non-negative integer value.`,
    );
  }
  const count = Number(value);
  if (max !== undefined && count > max) {
    throw badRequest(`The limit of '${max}' for Top query has been exceeded. The value from the incoming request is '${count}'.`);
  }
  return count;
}

function skipOfToken(token: string | undefined): number {
  if (token === undefined) return 0;
  const skip = Number(Buffer.from(token, 'base64url').toString('latin1'));
  if (!Number.isSafeInteger(skip) || skip < 0) throw badRequest("The value of '$skiptoken' is not valid.");
  return skip;
}

function parseOrderBy(source: string | undefined) {
  return (source?.split(',') ?? []).map((part) => {
    const [, path, direction] = /^\s*([\w/]+)(?:\s+(asc|desc))?\s*$/.exec(part) ?? [];
    if (path === undefined) throw badRequest(`Invalid OrderBy clause: Syntax error in '${source ?? ''}'.`);
    return { path, descending: direction === 'desc' };
  });
}

function parseFlag(value: string | undefined): boolean {
  if (value !== undefined && value !== 'true' && value !== 'false') {
    throw badRequest(`Invalid value '${value}' for $count query option found. Valid values are 'true' or 'false'.`);
  }
  return value === 'true';
}
