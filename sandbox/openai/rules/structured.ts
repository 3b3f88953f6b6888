import type { JsonSchema } from '../wire/strict-schema.ts';
import { validatorOf } from '../wire/validate.ts';
import { emailsIn } from './language/email.ts';
import { minimalValue } from './minimal-value.ts';
import { propertiesOf, unwrap } from './schema.ts';
import { isInjection } from './security.ts';
import { sentences, summarise } from './summary.ts';

/** A structured answer: each property by what its name and its choices say, and always one that fits the schema. */
export function structuredAnswer(schema: JsonSchema, texts: readonly string[]): unknown {
  const reading: Reading = { root: schema, text: texts.join('\n'), texts, refused: isInjection(texts.join('\n')) };
  const value = fillNode(schema, '', reading);
  return validatorOf(schema)?.(value) === false ? minimalValue(schema, schema) : value;
}

interface Reading {
  readonly root: JsonSchema;
  readonly text: string;
  readonly texts: readonly string[];
  readonly refused: boolean;
}

function fillNode(raw: unknown, name: string, reading: Reading): unknown {
  const { schema, nullable } = unwrap(raw, reading.root);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return choose(schema.enum as unknown[], reading);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        propertiesOf(schema, reading.root).map((property) => [
          property.name,
          property.nullable && !isSaid(property.name, reading.text) ? null : fillNode(property.schema, property.name, reading),
        ]),
      );
    case 'array':
      return fillList(schema, name, reading);
    case 'boolean':
      return isTrue(name, reading);
    case 'integer':
    case 'number':
      return numberFor(schema, name, reading);
    case 'string':
      return stringFor(schema, name, reading);
    default:
      return nullable ? null : minimalValue(schema, reading.root);
  }
}

const refusing =
  /^(?:refuse[ds]?|den(?:y|ied)|block(?:ed)?|reject(?:ed)?|unsafe|injection|malicious|suspicious|yes_injection|flag(?:ged)?)$/i;
const allowing = /^(?:allow(?:ed)?|accept(?:ed)?|pass|safe|ok|clean|permit(?:ted)?|benign|none)$/i;
const neutral = /^(?:none|other|unknown|general|neutral|normal|medium|default)$/i;

function choose(options: readonly unknown[], { text, refused }: Reading): unknown {
  const words = options.filter((option) => typeof option === 'string');
  const verdict = words.find((option) => (refused ? refusing : allowing).test(option));
  if (verdict !== undefined && words.some((option) => (refused ? allowing : refusing).test(option))) return verdict;
  const said = words.find((option) => new RegExp(`\\b${option.replace(/[^\w]+|_/g, '[ _-]?')}\\b`, 'i').test(text));
  return said ?? words.find((option) => neutral.test(option)) ?? options[0];
}

function isTrue(name: string, { text, refused }: Reading): boolean {
  if (/safe|allow|ok$|valid|permitted|accept/i.test(name) && !/unsafe/i.test(name)) return !refused;
  if (/inject|unsafe|refus|suspicious|flag|malicious|attack|block|deny/i.test(name)) return refused;
  return isSaid(name, text);
}

function numberFor(schema: JsonSchema, name: string, { text, refused }: Reading): unknown {
  if (/risk|threat|danger/i.test(name)) return within(schema, refused ? 1 : 0);
  if (/confidence|score|probability|certainty/i.test(name)) return within(schema, 0.9);
  return within(schema, Number(/-?\d+(?:\.\d+)?/.exec(text)?.[0] ?? 0));
}

function within({ type, minimum, maximum }: JsonSchema, value: number): number {
  const bounded = Math.min(
    typeof maximum === 'number' ? maximum : Infinity,
    Math.max(typeof minimum === 'number' ? minimum : -Infinity, value),
  );
  return type === 'integer' ? Math.round(bounded) : bounded;
}

function stringFor(schema: JsonSchema, name: string, { text, texts, refused }: Reading): unknown {
  const value = () => {
    if (schema.format === 'email') return emailsIn(text)[0];
    if (typeof schema.format === 'string' || typeof schema.pattern === 'string') return undefined;
    if (/reason|explanation|why|rationale/i.test(name)) {
      return refused ? 'It tries to change the instructions of the assistant.' : 'It asks for nothing out of the ordinary.';
    }
    if (/summary/i.test(name)) return summarise(texts);
    if (/^lang(?:uage)?$/i.test(name)) return 'en';
    if (/title|subject|headline|topic/i.test(name)) return (sentences(text)[0] ?? text).slice(0, 80);
    return text;
  };
  const found = value();
  if (found === undefined) return minimalValue(schema, schema);
  return typeof schema.maxLength === 'number' ? found.slice(0, schema.maxLength) : found;
}

function fillList(schema: JsonSchema, name: string, reading: Reading): unknown[] {
  const { schema: items } = unwrap(schema.items, reading.root);
  const least = typeof schema.minItems === 'number' ? schema.minItems : 0;
  const most = typeof schema.maxItems === 'number' ? schema.maxItems : 5;
  const one = () => fillNode(items, name.replace(/s$/, ''), reading);
  const listed = () => {
    if (items.format === 'email') return emailsIn(reading.text);
    if (items.type === 'string' && !Array.isArray(items.enum)) {
      return /quer|question|search|sentence|point|topic|fact|item/i.test(name) ? sentences(reading.text) : [];
    }
    if (Array.isArray(items.enum))
      return (items.enum as unknown[]).filter((option) => typeof option === 'string' && isSaid(option, reading.text));
    return [];
  };
  const found: unknown[] = listed().slice(0, most);
  while (found.length < least) found.push(one());
  return found;
}

function isSaid(name: string, text: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .replace(/^(?:is|has|needs?|wants?) /i, '');
  return new RegExp(`\\b${words.replace(/[^\w ]/g, '.')}`, 'i').test(text);
}
