import { syntaxError, type Token } from './lexer.ts';

/** Walks over the tokens of a query. */
export interface TokenReader {
  peek(ahead?: number): Token;
  next(): Token;
  /** Takes the keyword or symbol if it comes next. */
  takes(text: string): boolean;
  sees(text: string): boolean;
  expect(text: string): void;
  position(): number;
  goTo(position: number): void;
  /** What stands between two positions, spelled one way, to compare expressions by. */
  textBetween(from: number, to: number): string;
}

export function createReader(tokens: readonly Token[]): TokenReader {
  let at = 0;
  const end: Token = { kind: 'end', text: 'the end' };
  const peek = (ahead = 0) => tokens[at + ahead] ?? end;
  const sees = (text: string) => peek().text === text && (peek().kind === 'keyword' || peek().kind === 'symbol');
  const takes = (text: string) => {
    if (!sees(text)) return false;
    at += 1;
    return true;
  };
  return {
    peek,
    next() {
      const token = peek();
      at += 1;
      return token;
    },
    sees,
    takes,
    expect(text) {
      if (!takes(text)) throw syntaxError(peek().text);
    },
    position: () => at,
    goTo: (position) => void (at = position),
    textBetween: (from, to) =>
      tokens
        .slice(from, to)
        .map(({ kind, text }) => (kind === 'string' ? JSON.stringify(text) : text))
        .join(' '),
  };
}
