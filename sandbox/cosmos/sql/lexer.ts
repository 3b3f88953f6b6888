import { badRequest } from '../errors.ts';

export type TokenKind = 'name' | 'keyword' | 'string' | 'number' | 'parameter' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Keywords in upper case, the rest as written; of a string its value. */
  readonly text: string;
}

// Reserved: not to be had as a property after a dot (`c.order` is an error, `c["order"]` is not).
const keywords = new Set(
  'AND ARRAY AS ASC BETWEEN BY DESC DISTINCT ESCAPE EXISTS FALSE FROM GROUP IN JOIN LIKE LIMIT NOT NULL OFFSET OR ORDER SELECT TOP TRUE UDF UNDEFINED VALUE WHERE'.split(
    ' ',
  ),
);

const patterns: readonly (readonly [TokenKind | 'space', RegExp])[] = [
  ['space', /(?:\s+|--[^\n]*)/y],
  ['number', /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['parameter', /@[A-Za-z_][A-Za-z0-9_]*/y],
  ['string', /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y],
  ['symbol', /!=|<>|<=|>=|\|\||\?\?|[=<>()[\]{},.:?+\-*/%]/y],
];

export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const [kind, found] = tokenAt(text, at);
    at += found.length;
    if (kind !== 'space') tokens.push(tokenOf(kind, found));
  }
  tokens.push({ kind: 'end', text: 'the end' });
  return tokens;
}

function tokenAt(text: string, at: number): [TokenKind | 'space', string] {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) return [kind, found[0]];
  }
  throw syntaxError(text.slice(at, at + 10));
}

function tokenOf(kind: TokenKind, found: string): Token {
  if (kind === 'name' && keywords.has(found.toUpperCase())) return { kind: 'keyword', text: found.toUpperCase() };
  return { kind, text: kind === 'string' ? unescape(found.slice(1, -1)) : found };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

const unescape = (text: string) =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, code: string | undefined, character: string | undefined) =>
    code === undefined ? (escapes[character ?? ''] ?? character ?? '') : String.fromCharCode(parseInt(code, 16)),
  );

export const syntaxError = (near: string) => badRequest(`Syntax error, incorrect syntax near '${near}'.`);
