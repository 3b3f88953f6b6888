import { isParameter, parseTemplate, type Parameter, type Part } from './route-template.ts';

export interface Route {
  /** The values of the parameters, decoded, where the path matches; absent optional ones are left out. */
  match(path: string): Record<string, string> | undefined;
  readonly segments: readonly (readonly Part[])[];
}

export function templateOf(route: string, routePrefix: string): string {
  return routePrefix === '' ? route : `${routePrefix}/${route}`;
}

/** @param template With the route prefix before it. */
export function compileRoute(template: string): Route {
  const segments = parseTemplate(template);
  const parameters = segments.flat().filter(isParameter);
  const expression = new RegExp(`^${segments.map(toPattern).join('')}/?$`, 'i');
  return {
    segments,
    match(path) {
      const found = expression.exec(path);
      if (!found) return undefined;
      return readValues(parameters, found.slice(1));
    },
  };
}

function readValues(
  parameters: readonly Parameter[],
  groups: readonly (string | undefined)[],
): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [index, parameter] of parameters.entries()) {
    const value = decode(groups[index]) ?? parameter.defaultValue;
    if (value === undefined) {
      if (parameter.catchAll) continue;
      if (parameter.optional) continue;
      return undefined;
    }
    if (!parameter.constraints.every((allows) => allows(value))) return undefined;
    values[parameter.name] = value;
  }
  return values;
}

function toPattern(parts: readonly Part[]): string {
  const [first] = parts;
  if (isParameter(first) && first.catchAll) return '(?:/(.*))?';
  const mayBeAbsent = parts.length === 1 && isParameter(first) && (first.optional || first.defaultValue !== undefined);
  const inner = parts.map((part, index) => (isParameter(part) ? partPattern(part, index > 0) : escape(part.text))).join('');
  return mayBeAbsent ? `(?:/${inner})?` : `/${withOptionalTail(parts, inner)}`;
}

function partPattern(parameter: Parameter, inside: boolean): string {
  return inside && parameter.optional ? '([^/]+)?' : '([^/]+)';
}

/** `{name}.{ext?}`: the dot goes with the optional extension. */
function withOptionalTail(parts: readonly Part[], inner: string): string {
  const last = parts.at(-1);
  const before = parts.at(-2);
  if (!isParameter(last) || !last.optional || before === undefined || isParameter(before)) return inner;
  const tail = `${escape(before.text)}([^/]+)?`;
  return `${inner.slice(0, -tail.length)}(?:${escape(before.text)}([^/]+))?`;
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function decode(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The order in which the real host tries routes: fixed before variable, constrained before free, longer before shorter. */
export function compareRoutes(a: Route, b: Route): number {
  for (const [index, parts] of a.segments.entries()) {
    const other = b.segments[index]?.[0];
    if (other === undefined) return -1;
    const order = compareParts(parts[0], other);
    if (order !== 0) return order;
  }
  return b.segments.length > a.segments.length ? 1 : 0;
}

function compareParts(a: Part | undefined, b: Part): number {
  if (isParameter(a)) return isParameter(b) ? b.constraints.length - a.constraints.length : 1;
  if (isParameter(b)) return -1;
  return (a?.text ?? '').toLowerCase().localeCompare(b.text.toLowerCase());
}
