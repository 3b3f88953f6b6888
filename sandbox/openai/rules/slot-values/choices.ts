import type { SlotReader } from './slot-reader.ts';

export const readLimit: SlotReader = ({ schema }, { facts }) => {
  if (facts.limit === undefined) return undefined;
  const most = typeof schema.maximum === 'number' ? schema.maximum : facts.limit;
  return { value: Math.min(facts.limit, most) };
};

export const readFlag: SlotReader = ({ name, required, nullable }, { facts }) => {
  const word = name.replace(/^(?:is|has|with)_?/i, '');
  const said = /online|teams|remote/i.test(name) ? /\b(?:teams|online|video|remote)\b/i : new RegExp(`\\b${word}\\b`, 'i');
  if (said.test(facts.text)) return { value: true };
  return required && !nullable ? { value: false } : undefined;
};

export const readChoice: SlotReader = ({ schema }, { facts }) => {
  const options = Array.isArray(schema.enum) ? (schema.enum as unknown[]) : [schema.const];
  if (options.length === 1) return { value: options[0] };
  const said = options.find((option) => typeof option === 'string' && mentioned(option, facts.text));
  return said === undefined ? undefined : { value: said };
};

export const readOther: SlotReader = ({ schema }) =>
  schema.type === 'array' && schema.minItems === undefined ? { value: [] } : undefined;

function mentioned(option: string, text: string): boolean {
  return new RegExp(`\\b${option.replace(/[^\w]+|_/g, '[ _-]?')}\\b`, 'i').test(text);
}
