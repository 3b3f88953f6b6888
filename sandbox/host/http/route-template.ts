import { toConstraint, type Constraint } from './route-constraints.ts';

/** A part of a segment: text, or a parameter. */
export type Part = { readonly text: string } | Parameter;

export interface Parameter {
  readonly name: string;
  readonly catchAll: boolean;
  readonly optional: boolean;
  readonly defaultValue: string | undefined;
  readonly constraints: readonly Constraint[];
}

/**
 * Takes an ASP.NET route template apart: `files/{name:alpha}.{ext?}`, `{id:int=1}`, `{*rest}`.
 * @see https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates
 */
export function parseTemplate(template: string): Part[][] {
  const segments = splitOutsideBraces(template, '/').filter((segment) => segment !== '');
  return segments.map((segment, index) => parseSegment(segment, index === segments.length - 1));
}

export function isParameter(part: Part | undefined): part is Parameter {
  return part !== undefined && 'name' in part;
}

function parseSegment(segment: string, last: boolean): Part[] {
  const parts: Part[] = [];
  let rest = segment;
  while (rest !== '') {
    const open = rest.indexOf('{');
    if (open !== 0) {
      const text = open < 0 ? rest : rest.slice(0, open);
      parts.push({ text });
      rest = rest.slice(text.length);
      continue;
    }
    const close = closingBrace(rest);
    if (close < 0) throw new Error(`the route segment '${segment}' has an open brace`);
    parts.push(parseParameter(rest.slice(1, close)));
    rest = rest.slice(close + 1);
  }
  for (const part of parts)
    if (isParameter(part) && part.catchAll && !(last && parts.length === 1))
      throw new Error(`the catch-all in '${segment}' must be the last segment`);
  return parts;
}

function parseParameter(text: string): Parameter {
  const [, star = '', name = '', tail = ''] = /^(\*{0,2})(\w+)([\s\S]*)$/.exec(text) ?? [];
  if (name === '') throw new Error(`'{${text}}' is no route parameter`);
  const optional = tail.endsWith('?');
  const pieces = splitOutsideBraces(optional ? tail.slice(0, -1) : tail, ':');
  const [beforeConstraints = '', ...constraintTexts] = pieces;
  let defaultValue = beforeConstraints.startsWith('=') ? beforeConstraints.slice(1) : undefined;
  const constraints = constraintTexts.map((constraint) => {
    const [, bare = '', value] = /^([^=(]+(?:\([\s\S]*\))?)(?:=([\s\S]*))?$/.exec(constraint) ?? [];
    defaultValue = value ?? defaultValue;
    return toConstraint(bare);
  });
  return { name, catchAll: star !== '', optional, defaultValue, constraints };
}

/** Splits at `separator` where no brace or bracket is open. */
function splitOutsideBraces(text: string, separator: string): string[] {
  const pieces = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '{' || character === '(') depth += 1;
    if (character === '}' || character === ')') depth -= 1;
    if (character === separator && depth === 0) pieces.push('');
    else pieces.push((pieces.pop() ?? '') + character);
  }
  return pieces;
}

function closingBrace(text: string): number {
  let depth = 0;
  for (const [index, character] of Array.from(text).entries()) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
}
