import { badRequest, notPlayed } from '../errors.ts';
import { syntaxError } from './lexer.ts';
import { parsePath } from './primary.ts';
import type { Expression, Scope } from './scope.ts';

/** `JOIN x IN c.arr`: its slot follows those before it. */
export type Join = Expression;

export interface From {
  readonly aliases: ReadonlyMap<string, number>;
  readonly joins: readonly Join[];
}

/** `FROM c`, `FROM root AS c`, and its JOINs. */
export function parseFrom(scope: Pick<Scope, 'reader' | 'parameters' | 'parse'>): From {
  const { reader } = scope;
  reader.expect('FROM');
  const aliases = new Map<string, number>();
  const joins: Join[] = [];
  const container = takeName(reader);
  if (reader.sees('.') || reader.sees('[')) throw notPlayed('a path in FROM');
  if (reader.sees('IN')) throw notPlayed('FROM x IN a path');
  const named = reader.takes('AS');
  aliases.set(named || reader.peek().kind === 'name' ? takeName(reader) : container, 0);
  if (reader.sees(',')) throw syntaxError(',');
  while (reader.takes('JOIN')) {
    if (reader.sees('(')) throw notPlayed('a JOIN of a subquery');
    const alias = takeName(reader);
    reader.expect('IN');
    if (reader.sees('(')) throw notPlayed('a JOIN of a subquery');
    joins.push(parsePath({ ...scope, aliases, aggregates: undefined }));
    if (aliases.has(alias)) throw badRequest(`The input alias '${alias}' is specified more than once in the FROM clause.`);
    aliases.set(alias, aliases.size);
  }
  return { aliases, joins };
}

function takeName(reader: Scope['reader']): string {
  const { kind, text } = reader.next();
  if (kind !== 'name') throw syntaxError(text);
  return text;
}
