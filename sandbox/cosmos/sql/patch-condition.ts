import { badRequest } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { parseExpression } from './expressions.ts';
import { parseFrom } from './from.ts';
import { syntaxError, tokenise } from './lexer.ts';
import { createReader } from './reader.ts';

/** The condition of a patch, `FROM c WHERE …`: whether it holds for a document. */
export function parsePatchCondition(text: string): (document: JsonObject) => boolean {
  const reader = createReader(tokenise(text));
  const parameters = new Map<string, Json>();
  const { aliases, joins } = parseFrom({ reader, parameters, parse: parseExpression });
  if (joins.length > 0) throw badRequest('The condition of a patch cannot have a JOIN.');
  reader.expect('WHERE');
  const condition = parseExpression({ reader, parameters, aliases, aggregates: undefined, parse: parseExpression });
  if (reader.peek().kind !== 'end') throw syntaxError(reader.peek().text);
  return (document) => condition([document]) === true;
}
